import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Appearance, Rectangle, SignatureValue, ToBeSigned } from '../../../native-signing/types.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { type AuditData, appendEvent, type Doer, doerOf } from '../audit/chain.ts'
import { clockDiffers, differsAnew, type StampedTime, secondsAhead, witnessTime } from '../audit/clock.ts'
import { vietnamDay } from '../calendar.ts'
import { type CopyRow, copyInHand, copyView } from '../copies/rows.ts'
import { moveCopy, requireStep } from '../copies/transition.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts } from '../parts.ts'
import { personOf } from '../people/access.ts'
import { officeOf } from '../people/people.ts'
import type { SigningService } from '../service.ts'
import type { Actor, CopyRef, CopyView, PersonView } from '../types.ts'
import { requireSealed, requireSigned } from './checks.ts'
import { type FixedContent, layoutSchema } from './content.ts'
import { type PreparedSignature, SEAL_FIELD, SIGNATURE_FIELD, type SigningChoice } from './engine.ts'
import { composeFixed, fixContent, fixedContent, requireOwnCertificate } from './fixing.ts'
import { requireTimestamps } from './level.ts'
import { fitted } from './picture.ts'
import { discard, makeWorkFolder } from './work-folder.ts'

/** The two signatures of design §3: prepare → token → complete, each safe to repeat after any failure. */
export function createSigningService(parts: OfficeParts): SigningService {
  const { store, blobs, clock, newId, engine, leastLevel, workFolder } = parts
  const workFile = (): string => join(workFolder, `${newId()}.pdf`)

  /** Everything about a copy that a signature needs, checked against the store as it is now. */
  async function inHand(reader: Reader, actor: Actor, ref: CopyRef, action: 'sign' | 'seal') {
    const person = await personOf(reader, actor)
    const row = await copyInHand(reader, actor, ref, clock())
    requireStep(row, action, person.roles)
    return { person, row }
  }

  async function prepare(
    copy: CopyRef,
    input: string,
    choice: SigningChoice,
    content: FixedContent,
    field: { readonly name: string; readonly signerName: string; readonly appearance: Appearance | null },
  ): Promise<PreparedSignature> {
    await makeWorkFolder(workFolder)
    const toBeSigned = await engine.prepare(
      input,
      {
        certificate: choice.certificate,
        chain: choice.chain,
        scheme: choice.scheme,
        hash: choice.hash,
        fieldName: field.name,
        appearance: field.appearance,
        signingTime: clock(),
        reason: null,
        location: null,
        signerName: field.signerName,
      },
      { workFile: workFile() },
    )
    return { copy, number: content.statement.number, book: content.statement.book, toBeSigned }
  }

  async function appearance(
    imageSha256: string | null,
    page: number,
    place: Rectangle,
    share: number,
  ): Promise<Appearance | null> {
    return imageSha256 === null ? null : fitted(await readFile(await blobs.verified(imageSha256)), page, place, share)
  }

  /**
   * Embeds the value, lets `check` judge the finished file and say when it was stamped, and stores it. The input must be its prefix byte for byte: what the person
   * saw is what was signed, whatever passed through other hands in between.
   */
  async function complete(
    prepared: PreparedSignature,
    value: SignatureValue,
    signal: AbortSignal | undefined,
    check: (file: string) => Promise<Date | null>,
    transaction: (sha256: string, stamped: StampedTime | null) => Promise<CopyView>,
  ): Promise<CopyView> {
    const output = workFile()
    try {
      const from = clock()
      await engine.complete(prepared.toBeSigned, value, { output, signal })
      const to = clock()
      const { inputBytes, inputSha256 } = prepared.toBeSigned
      if ((await hashOfPrefix(output, inputBytes)) !== inputSha256) {
        throw new OfficeError('signed-file-wrong', { check: 'prefix' })
      }
      const authority = await check(output)
      const stamped = authority && { from, to, authority }
      const view = await transaction(await blobs.putFile(output), stamped)
      await discard(prepared.toBeSigned.workFile)
      return view
    } finally {
      await discard(output)
    }
  }

  /** What comes back from another PC is believed only as far as it fits what this office prepared. */
  function requirePrepared(
    toBeSigned: ToBeSigned,
    field: string,
    certificateSha256: string,
    inputSha256: string,
  ): void {
    const fits =
      toBeSigned.fieldName === field &&
      toBeSigned.certificate.sha256 === certificateSha256 &&
      toBeSigned.inputSha256 === inputSha256 &&
      dirname(resolve(toBeSigned.workFile)) === resolve(workFolder)
    if (!fits) throw new OfficeError('prepared-signature-wrong')
  }

  return {
    requireTimestamps: () => requireTimestamps(leastLevel, engine),

    prepareSignature: async (actor, ref, choice) => {
      requireTimestamps(leastLevel, engine)
      const fixed = await fixContent(parts, actor, ref, choice.certificate.sha256)
      const composed = await composeFixed(parts, actor, fixed)
      const { statementPage, signatureRectangle } = composed.layout
      return prepare(fixed.copy, await blobs.verified(composed.sha256), choice, fixed.content, {
        name: SIGNATURE_FIELD,
        signerName: fixed.signer.name,
        appearance: await appearance(
          await signatureImage(store.reader, actor, fixed.signer),
          statementPage,
          signatureRectangle,
          1 / 3,
        ),
      })
    },

    completeSignature: async (actor, prepared, value, signal) => {
      const { person, row } = await inHand(store.reader, actor, prepared.copy, 'sign')
      const { content, composedSha256 } = requireComposed(row)
      requireOwnCertificate(person, content.certificateSha256)
      requirePrepared(prepared.toBeSigned, SIGNATURE_FIELD, content.certificateSha256, composedSha256)
      requireToday(content, clock())
      return complete(
        prepared,
        value,
        signal,
        async file => {
          const stamped = requireSigned(await engine.verify(file), content.certificateSha256, leastLevel)
          if (stamped && vietnamDay(stamped) !== content.statement.date) throw clockDiffers(clock(), stamped)
          return stamped
        },
        (signedSha256, stamped) =>
          store.write(async writer => {
            const at = clock()
            requireToday(content, at)
            const now = await inHand(writer, actor, prepared.copy, 'sign')
            const doer = doerOf(actor, at)
            const change = {
              signed_sha256: signedSha256,
              signed_at: at.toISOString(),
              signer_id: actor.personId,
              remark: null,
            }
            await moveCopy(writer, { ...doer, roles: now.person.roles }, now.row, 'sign', change, stampedAt(stamped))
            await keepWitness(writer, doer, stamped)
            return copyView(writer, actor.officeId, prepared.copy.id)
          }),
      )
    },

    prepareSeal: async (actor, ref, choice) => {
      requireTimestamps(leastLevel, engine)
      const { row } = await inHand(store.reader, actor, ref, 'seal')
      const { content, layout, signedSha256 } = requireSignedCopy(row)
      const office = await officeOf(store.reader, actor.officeId)
      requireOfficeCertificate(office.seal_certificate_sha256, choice.certificate.sha256)
      const signed = await blobs.verified(signedSha256)
      requireSigned(await engine.verify(signed), content.certificateSha256, leastLevel)
      return prepare(ref, signed, choice, content, {
        name: SEAL_FIELD,
        signerName: office.name,
        appearance: await appearance(office.seal_image_sha256, layout.statementPage, layout.sealRectangle, 1 / 2),
      })
    },

    completeSeal: async (actor, prepared, value, signal) => {
      const { row } = await inHand(store.reader, actor, prepared.copy, 'seal')
      const { content, signedSha256 } = requireSignedCopy(row)
      const office = await officeOf(store.reader, actor.officeId)
      const sealCertificate = prepared.toBeSigned.certificate.sha256
      requireOfficeCertificate(office.seal_certificate_sha256, sealCertificate)
      requirePrepared(prepared.toBeSigned, SEAL_FIELD, sealCertificate, signedSha256)
      return complete(
        prepared,
        value,
        signal,
        async file => requireSealed(await engine.verify(file), content.certificateSha256, sealCertificate, leastLevel),
        (sealedSha256, stamped) =>
          store.write(async writer => {
            const at = clock()
            const now = await inHand(writer, actor, prepared.copy, 'seal')
            const doer = doerOf(actor, at)
            const change = {
              sealed_sha256: sealedSha256,
              sealed_at: at.toISOString(),
              clerk_id: actor.personId,
            }
            await moveCopy(writer, { ...doer, roles: now.person.roles }, now.row, 'seal', change, stampedAt(stamped))
            await keepWitness(writer, doer, stamped)
            await writer
              .insertInto('outbox')
              .values({
                office_id: actor.officeId,
                copy_id: prepared.copy.id,
                kind: 'deliver',
                state: 'waiting',
                next_at: at.toISOString(),
              })
              .execute()
            return copyView(writer, actor.officeId, prepared.copy.id)
          }),
      )
    },
  }
}

const stampedAt = (stamped: StampedTime | null): AuditData =>
  stamped ? { stampedAt: stamped.authority.toISOString() } : {}

/** Holds our clock against the authority's; a difference that was not there before has its event. */
async function keepWitness(writer: Writer, doer: Doer, stamped: StampedTime | null): Promise<void> {
  if (stamped === null) return
  const { officeId } = doer
  if (await differsAnew(writer, officeId, stamped)) {
    const data = { aheadSeconds: secondsAhead(stamped), authority: stamped.authority.toISOString() }
    await appendEvent(writer, doer, { action: 'clock-differs', subject: officeId, data })
  }
  await witnessTime(writer, officeId, stamped)
}

async function signatureImage(reader: Reader, actor: Actor, signer: PersonView): Promise<string | null> {
  const row = await reader
    .selectFrom('person')
    .select('signature_image_sha256')
    .where('office_id', '=', actor.officeId)
    .where('person_id', '=', signer.id)
    .executeTakeFirst()
  return row?.signature_image_sha256 ?? null
}

/** @throws OfficeError prepared-signature-wrong */
function requireComposed(row: CopyRow): { readonly content: FixedContent; readonly composedSha256: string } {
  const content = fixedContent(row)
  if (!content || row.composed_sha256 === null) throw new OfficeError('prepared-signature-wrong')
  return { content, composedSha256: row.composed_sha256 }
}

function requireSignedCopy(row: CopyRow) {
  const content = fixedContent(row)
  if (!content || row.layout === null || row.signed_sha256 === null) throw new OfficeError('file-missing')
  return { content, layout: fromJson(layoutSchema, row.layout), signedSha256: row.signed_sha256 }
}

/** The statement names a day: a signature that would be made on another one is prepared anew. @throws OfficeError signing-day-changed */
function requireToday(content: FixedContent, now: Date): void {
  if (content.statement.date !== vietnamDay(now)) throw new OfficeError('signing-day-changed')
}

/** @throws OfficeError certificate-not-registered, certificate-not-of-office */
function requireOfficeCertificate(registered: string | null, chosen: string): void {
  if (registered === null) throw new OfficeError('certificate-not-registered')
  if (registered !== chosen) throw new OfficeError('certificate-not-of-office')
}

async function hashOfPrefix(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  if (bytes > 0) for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk)
  return hash.digest('hex')
}
