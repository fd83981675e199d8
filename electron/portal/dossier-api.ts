import type { DeliveryAdapter, DeliveryAttempt, DeliveryReceipt, Parcel } from './adapter.ts'
import { DeliveryMemory } from './delivery-memory.ts'
import { type FoundDossier, hasResult, isForeign } from './dossier-answers.ts'
import { tellCancellation } from './dossier-cancellation.ts'
import {
  type Conversation,
  createDossierClient,
  type DossierClient,
  type DossierClientParts,
} from './dossier-client.ts'
import {
  CLOSED_STATES,
  checkParcel,
  DOSSIER_STATE,
  type DossierKey,
  dossierBody,
  progressBody,
  statusBody,
  type Upload,
} from './dossier-fields.ts'
import type { DossierSettings } from './dossier-settings.ts'
import { PortalError } from './errors.ts'
import { checkParcelFile } from './parcel-file.ts'

/**
 * Delivery through the new-generation dossier API: number, upload, create, progress, status 9 with the certified copy as result.
 *
 * Exactly once, by three rules. The dossier's number is taken first and kept, so the portal itself can recognise a repetition. Before each
 * request that the portal remembers, it is looked up whether the portal has done it already. And a request whose answer was not seen is
 * sent again only when the portal has had `timeouts.settle` to finish it: a slow portal must not get it a second time while it is still
 * busy with the first.
 */
export function createDossierAdapter(settings: DossierSettings, parts: DossierClientParts): DeliveryAdapter {
  const client = createDossierClient(settings, parts)
  const begin = (parcel: Parcel, { checkpoint, save, record, proceed, signal }: DeliveryAttempt) => {
    const { name, personalNumber, email, phone } = parcel.requester
    const talk: Conversation = { signal, record, proceed, hidden: [name, personalNumber, email, phone] }
    return { talk, memory: new DeliveryMemory(checkpoint, save, parts.clock, settings.timeouts.settle) }
  }
  return {
    name: 'dossier-api',
    async deliver(parcel, attempt) {
      const { talk, memory } = begin(parcel, attempt)
      return deliver(parcel, settings, client, memory, talk)
    },
    async cancel(parcel, cancellation, attempt) {
      return tellCancellation(cancellation, settings, client, {
        ...begin(parcel, attempt),
        delivered: attempt.delivered,
      })
    },
  }
}

async function deliver(
  parcel: Parcel,
  settings: DossierSettings,
  client: DossierClient,
  memory: DeliveryMemory,
  talk: Conversation,
): Promise<DeliveryReceipt> {
  const earlier = memory.receipt('confirmedAt')
  if (earlier) return earlier
  checkParcel(parcel, settings)
  if (memory.get('sha256', parcel.file.sha256) !== parcel.file.sha256) throw new PortalError('parcel-file-changed')

  const number = memory.get('maHoSo') ?? (await memory.keep('maHoSo', await client.nextNumber(talk)))
  const upload = await uploaded(parcel, client, memory, talk)
  const found =
    (await client.lookUp(number, talk)) ?? (await created(parcel, settings, client, memory, talk, number, upload))
  if (isForeign(found, upload)) {
    // The portal gave this number to another dossier as well: ours was never made, so the next attempt takes a new number.
    await memory.forget('maHoSo', 'sent', 'sentAt')
    throw new PortalError('portal-duplicate', { step: 'create', receipt: number })
  }
  if (CLOSED_STATES.has(found.state)) {
    throw new PortalError('portal-dossier-closed', { receipt: found.number, state: found.state })
  }

  const dossier: DossierKey = { number: found.number, id: found.id }
  const known = found.progress
  const missing = progressBody(parcel, settings, dossier).filter(
    item => !known.some(p => p.state === item.TrangThai && p.at === item.ThoiDiemXuLy),
  )
  if (missing.length > 0) await memory.once('progress', () => client.reportProgress(missing, talk))
  if (!hasResult(found, upload)) {
    await memory.once('status', () => client.setStatus(statusBody(parcel, settings, dossier, upload), talk))
  }
  return memory.finish(found.number, 'confirmedAt')
}

async function uploaded(
  parcel: Parcel,
  client: DossierClient,
  memory: DeliveryMemory,
  talk: Conversation,
): Promise<Upload> {
  const earlier = memory.upload()
  if (earlier) return earlier
  await checkParcelFile(parcel.file)
  // Killed before the next line is saved, the file is uploaded once more: what no dossier names, nobody sees.
  const upload = await client.upload(parcel.file, talk)
  await memory.keepAll({ idTepTin: upload.id, hashTepTin: upload.hash, sha256: parcel.file.sha256 })
  return upload
}

/** @returns the new dossier, or the one that was there although the look-up did not show it yet */
async function created(
  parcel: Parcel,
  settings: DossierSettings,
  client: DossierClient,
  memory: DeliveryMemory,
  talk: Conversation,
  number: string,
  upload: Upload,
): Promise<FoundDossier> {
  try {
    const body = dossierBody(parcel, settings, number, upload)
    const dossier = await memory.once('create', () => client.create(body, talk))
    // A portal may number the dossier anew; from here on that number counts.
    if (dossier.number !== number) await memory.keep('maHoSo', dossier.number)
    return { ...dossier, state: DOSSIER_STATE.submitted, attached: [], progress: [], results: [], cancelledBy: null }
  } catch (error) {
    if (!(error instanceof PortalError && error.code === 'portal-duplicate')) throw error
    const found = await client.lookUp(number, talk)
    if (found) return found
    throw new PortalError('portal-answer-unreadable', { step: 'create' }, { cause: error })
  }
}
