import { join } from 'node:path'
import { isAuthoritySilent } from '../../../native-signing/errors.ts'
import type { Reader } from '../../store/store.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { archiveFacts } from '../audit/facts.ts'
import { copyRow } from '../copies/rows.ts'
import { OfficeError } from '../errors.ts'
import type { OfficeParts } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import type { ArchiveService, ArchiveStep } from '../service.ts'
import { discard, makeWorkFolder } from '../signing/work-folder.ts'

/**
 * An archive time-stamp is renewed so long before its authority's certificate ends: time enough to notice that it fails. One of an authority
 * whose certificates are short is renewed at half of its time, or each day would make another one.
 */
const MARGIN_MS = 180 * 24 * 60 * 60 * 1000

function isDue(archivedAt: string, lastsUntil: string, now: Date): boolean {
  const [start, end] = [Date.parse(archivedAt), Date.parse(lastsUntil)]
  return now.getTime() >= end - Math.min(MARGIN_MS, (end - start) / 2)
}

/** Copies that have a sealed file, whatever became of them since. */
const SEALED_STATES = ['sealed', 'delivered', 'cancelled'] as const

/**
 * The office's long-term files: each sealed copy lifted to PAdES B-LTA while its authorities still answer, and its archive time-stamp renewed
 * before it grows too old. The register is kept for ever, so its copies must be verifiable for ever.
 */
export function createArchiveService({
  store,
  blobs,
  clock,
  archiver,
  newId,
  workFolder,
}: OfficeParts): ArchiveService {
  const archived = (reader: Reader, officeId: string, copyId: string) =>
    reader
      .selectFrom('archive')
      .selectAll()
      .where('office_id', '=', officeId)
      .where('copy_id', '=', copyId)
      .executeTakeFirst()

  const service: ArchiveService = {
    due: async actor => {
      await personOf(store.reader, actor)
      const now = clock()
      const soon = new Date(now.getTime() + MARGIN_MS).toISOString()
      const rows = await store.reader
        .selectFrom('copy')
        .leftJoin('archive', join =>
          join.onRef('archive.office_id', '=', 'copy.office_id').onRef('archive.copy_id', '=', 'copy.copy_id'),
        )
        .select(['copy.copy_id', 'archive.archived_at', 'archive.lasts_until'])
        .where('copy.office_id', '=', actor.officeId)
        .where('copy.state', 'in', [...SEALED_STATES])
        .where('copy.sealed_sha256', 'is not', null)
        .where(where => where.or([where('archive.lasts_until', 'is', null), where('archive.lasts_until', '<=', soon)]))
        .orderBy('archive.lasts_until', order => order.asc().nullsFirst())
        .orderBy('copy.sealed_at')
        .execute()
      return rows
        .filter(({ archived_at, lasts_until }) => !archived_at || !lasts_until || isDue(archived_at, lasts_until, now))
        .map(row => row.copy_id)
    },

    renew: async (actor, copyId, signal) => {
      await requireRole(store.reader, actor, 'clerk', 'admin')
      const before = await archived(store.reader, actor.officeId, copyId)
      const row = await copyRow(store.reader, actor.officeId, copyId)
      const from = before?.file_sha256 ?? row.sealed_sha256
      if (from === null) throw new OfficeError('file-missing')
      await makeWorkFolder(workFolder)
      const output = join(workFolder, `${newId()}.pdf`)
      try {
        const { lastsUntil } = await archiver(await blobs.verified(from), { output, signal })
        const sha256 = await blobs.putFile(output)
        const at = clock()
        const values = { file_sha256: sha256, archived_at: at.toISOString(), lasts_until: lastsUntil.toISOString() }
        await store.write(async writer => {
          await requireRole(writer, actor, 'clerk', 'admin')
          const now = await archived(writer, actor.officeId, copyId)
          if (now?.file_sha256 !== before?.file_sha256) throw new OfficeError('copy-changed-meanwhile')
          const archive = await writer
            .insertInto('archive')
            .values({ office_id: actor.officeId, copy_id: copyId, ...values })
            .onConflict(conflict => conflict.columns(['office_id', 'copy_id']).doUpdateSet(values))
            .returningAll()
            .executeTakeFirstOrThrow()
          const data = { ...archiveFacts(archive), from }
          const doer = doerOf(actor, at)
          await appendEvent(writer, doer, { action: 'copy-archived', subject: copyId, data })
        })
        return { lastsUntil }
      } finally {
        await discard(output)
      }
    },

    renewDue: async function* (actor, signal) {
      await requireRole(store.reader, actor, 'clerk', 'admin')
      for (const copyId of await service.due(actor)) {
        if (signal?.aborted) return
        let step: ArchiveStep
        try {
          step = { copyId, result: 'renewed', ...(await service.renew(actor, copyId, signal)) }
        } catch (error) {
          if (signal?.aborted) return
          step = { copyId, result: 'failed', error }
        }
        yield step
        if (step.result === 'failed' && isAuthoritySilent(step.error)) return
      }
    },

    lastsUntil: async (actor, copyId) => {
      await personOf(store.reader, actor)
      const row = await archived(store.reader, actor.officeId, copyId)
      return row ? new Date(row.lasts_until) : null
    },

    file: async (actor, copyId) => {
      await personOf(store.reader, actor)
      const row = await archived(store.reader, actor.officeId, copyId)
      if (!row) throw new OfficeError('file-missing')
      return blobs.looked(row.file_sha256)
    },
  }
  return service
}
