import { join } from 'node:path'
import { NEWEST_FORM } from '../../document/forms.ts'
import type { CertifiedCopyLayout } from '../../document/types.ts'
import { appendEvent, chainEnd, doerOf } from '../audit/chain.ts'
import { changedFacts, copyFacts, registeredFacts } from '../audit/facts.ts'
import { vietnamDay } from '../calendar.ts'
import { canonicalJson } from '../canonical-json.ts'
import { type CopyRow, copyInHand, copyRow, pageRows } from '../copies/rows.ts'
import { findBy } from '../copies/search.ts'
import { changeCopy, requireStep } from '../copies/transition.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts } from '../parts.ts'
import { personOf } from '../people/access.ts'
import { officeOf, settingsOf } from '../people/people.ts'
import { takeNumber, writtenNumber } from '../register/numbers.ts'
import { requestRow } from '../requests/rows.ts'
import type { Actor, CopyRef, PersonView } from '../types.ts'
import { composingOf, contentSchema, contentSha256, type FixedContent, layoutSchema, sameContent } from './content.ts'
import { discard, makeWorkFolder } from './work-folder.ts'

/** A copy whose content and number are fixed. */
export interface FixedCopy {
  readonly copy: CopyRef
  readonly content: FixedContent
  readonly contentSha256: string
  readonly signer: PersonView
}

export interface ComposedCopy {
  readonly sha256: string
  readonly layout: CertifiedCopyLayout
}

/**
 * Takes the number and fixes what will be signed, in one transaction. The same signer, day and pages as before change nothing.
 * @throws OfficeError role-missing, copy-state-wrong, copy-changed-meanwhile, copy-claimed, certificate-not-registered,
 *   certificate-not-of-person, signer-title-missing, copy-without-pages, no-open-book, clock-went-back
 */
export async function fixContent(
  { store, clock }: OfficeParts,
  actor: Actor,
  ref: CopyRef,
  certificateSha256: string,
): Promise<FixedCopy> {
  const at = clock()
  return store.write(async writer => {
    const signer = await personOf(writer, actor)
    const row = await copyInHand(writer, actor, ref, at)
    requireStep(row, 'sign', signer.roles)
    requireOwnCertificate(signer, certificateSha256)
    if (signer.signerTitle.length === 0) throw new OfficeError('signer-title-missing')
    const pages = await pageRows(writer, actor.officeId, row.copy_id)
    if (pages.length === 0) throw new OfficeError('copy-without-pages')

    const doer = doerOf(actor, at)
    const office = await officeOf(writer, actor.officeId)
    const settings = await settingsOf(writer, actor.officeId)
    const chain = await chainEnd(writer, actor.officeId)
    const taken = await takeNumber(writer, doer, row.copy_id)
    const content: FixedContent = {
      form: NEWEST_FORM,
      copyId: row.copy_id,
      title: row.title,
      pages: pages.map(page => ({
        sha256: page.blob_sha256,
        mediaType: page.media_type,
        widthPx: page.width_px,
        heightPx: page.height_px,
        dpi: page.dpi,
        rotation: page.rotation,
      })),
      statement: {
        number: writtenNumber(taken.number),
        book: taken.book,
        date: vietnamDay(at),
        officeName: office.name,
        signerTitle: [...signer.signerTitle],
        signerName: signer.name,
      },
      placement: settings.statementPlacement,
      sealDiameterMm: settings.sealDiameterMm,
      signerId: signer.id,
      certificateSha256,
      fixedAt: at.toISOString(),
      chain,
    }
    const before = fixedContent(row)
    if (before && sameContent(before, content)) {
      return { copy: ref, content: before, contentSha256: contentSha256(before), signer }
    }
    const fixed = contentSha256(content)
    await findBy(writer, actor.officeId, row.copy_id, `${content.statement.number}/${content.statement.book}`)
    await changeCopy(
      writer,
      doer,
      row,
      {
        content: canonicalJson(content),
        content_sha256: fixed,
        layout: null,
        composed_sha256: null,
      },
      {
        action: 'content-fixed',
        data: {
          ...registeredFacts(await requestRow(writer, actor.officeId, row.request_id), row),
          certificateSha256,
          number: taken.number,
          year: taken.year,
        },
      },
    )
    return { copy: { id: ref.id, version: ref.version + 1 }, content, contentSha256: fixed, signer }
  })
}

/** What was fixed for signing, or null. */
export function fixedContent(row: CopyRow): FixedContent | null {
  return row.content === null ? null : fromJson(contentSchema, row.content)
}

/** @throws OfficeError certificate-not-registered, certificate-not-of-person */
export function requireOwnCertificate(person: PersonView, certificateSha256: string): void {
  if (person.certificateSha256 === null) throw new OfficeError('certificate-not-registered')
  if (person.certificateSha256 !== certificateSha256) throw new OfficeError('certificate-not-of-person')
}

/** Composes the fixed content, once: outside any transaction, because it is slow; repeated after a crash, because it is deterministic. */
export async function composeFixed(parts: OfficeParts, actor: Actor, fixed: FixedCopy): Promise<ComposedCopy> {
  const { store, blobs, clock, newId } = parts
  const row = await store.reader
    .selectFrom('copy')
    .select(['composed_sha256', 'layout'])
    .where('office_id', '=', actor.officeId)
    .where('copy_id', '=', fixed.copy.id)
    .where('content_sha256', '=', fixed.contentSha256)
    .executeTakeFirst()
  if (row?.composed_sha256 && row.layout) {
    return { sha256: row.composed_sha256, layout: fromJson(layoutSchema, row.layout) }
  }
  for (const page of fixed.content.pages) await blobs.verified(page.sha256)
  const out = join(parts.workFolder, `${newId()}.pdf`)
  await makeWorkFolder(parts.workFolder)
  try {
    const layout = layoutSchema.parse(await parts.compose(composingOf(fixed.content, blobs), out))
    const sha256 = await blobs.putFile(out)
    await store.write(async writer => {
      const before = await copyRow(writer, actor.officeId, fixed.copy.id)
      const composed = await writer
        .updateTable('copy')
        .set({ composed_sha256: sha256, layout: JSON.stringify(layout) })
        .where('office_id', '=', actor.officeId)
        .where('copy_id', '=', fixed.copy.id)
        .where('content_sha256', '=', fixed.contentSha256)
        .returningAll()
        .executeTakeFirst()
      if (!composed) throw new OfficeError('copy-changed-meanwhile')
      await appendEvent(writer, doerOf(actor, clock()), {
        action: 'copy-composed',
        subject: fixed.copy.id,
        data: changedFacts(copyFacts(before), copyFacts(composed)),
      })
    })
    return { sha256, layout }
  } finally {
    await discard(out)
  }
}
