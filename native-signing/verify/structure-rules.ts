import type { PdfDocument } from '../pdf/document.ts'
import { equalObjects } from '../pdf/equality.ts'
import { dictionary, is, isName, type PdfObject, type PdfReference, reference } from '../pdf/objects.ts'
import { objectOrNothing } from './revision-step.ts'
import { differingKeys, type StepFindings } from './step-findings.ts'

/** Entries of the catalogue that have rules of their own, or tell only which version of PDF the file is. */
const CATALOGUE_KEYS: ReadonlySet<string> = new Set(['AcroForm', 'DSS', 'Extensions', 'Version', 'Metadata'])

/** The trailer points at the same catalogue as before; the document information may be another. */
export function judgeTrailer(findings: StepFindings): void {
  const { older, newer } = findings.step
  for (const key of ['Root', 'Encrypt']) {
    if (!equalObjects(older.trailer.entries.get(key), newer.trailer.entries.get(key)))
      findings.note('update-not-incremental', key)
  }
  const information = newer.trailer.entries.get('Info')
  if (is(information, 'reference')) {
    // the trailer may have named it as something else
    const referrers = equalObjects(older.trailer.entries.get('Info'), information) ? [0] : []
    metadata(findings, information, is(newer.object(information.number), 'dictionary'), referrers)
  }
  if (newer.trailer.duplicateKeys) findings.note('update-not-incremental', 'trailer')
  if (newer.sections[0]?.isDisputed) findings.note('update-not-incremental', 'cross-reference')
  if (newer.sections[0]?.entries.contradictsItself) findings.note('update-not-incremental', 'object with two places')
}

/** Document information and XMP describe the file; they are no part of what a page shows. */
function metadata(
  findings: StepFindings,
  target: PdfReference,
  rightShape: boolean,
  referrers: readonly number[],
): void {
  if (!rightShape || !findings.isTouched(target.number)) return
  if (findings.explain(target.number, referrers)) findings.note('metadata-changed', `${target.number}`)
}

/** @returns whether the two states have the same catalogue, whose other entries may then be judged */
export function judgeCatalogue(findings: StepFindings): boolean {
  const { older, newer, added } = findings.step
  const root = older.catalogReference
  if (newer.catalogReference.number !== root.number) return false
  const before = older.catalog
  const after = newer.catalog
  findings.settle(root.number)
  for (const key of differingKeys(before, after)) {
    if (!CATALOGUE_KEYS.has(key)) findings.note('catalogue-changed', key)
  }
  const packet = after.entries.get('Metadata')
  if (!is(packet, 'reference')) return true
  const stream = newer.object(packet.number)
  const isMetadata = is(stream, 'stream') && isName(stream.dictionary.entries.get('Subtype'), 'XML')
  const wasMetadata = equalObjects(before.entries.get('Metadata'), packet) || added.has(packet.number)
  if (isMetadata && wasMetadata) metadata(findings, packet, true, [root.number])
  else if (!wasMetadata) findings.note('catalogue-changed', 'Metadata')
  return true
}

/** Whatever no rule has explained, and what no rule can: an object that says one thing to us and another to other readers. */
export function judgeUnexplained(findings: StepFindings): void {
  const { newer, changed, added, ambiguous, referrers, isOpaque } = findings.step
  for (const number of ambiguous) findings.note('object-changed', `${number}`, { page: pageShowing(findings, number) })
  for (const number of changed) {
    if (findings.isExplained(number)) continue
    const object = objectOrNothing(newer, number)
    if (object === null) findings.note('object-removed', `${number}`, { page: pageShowing(findings, number) })
    else if (is(object, 'dictionary') && isName(object.entries.get('Type'), 'Page')) {
      const page = findings.pageNow(reference(number))
      findings.note('page-changed', `${number}`, { page })
    } else findings.note('object-changed', `${number}`, { page: pageShowing(findings, number) })
  }
  // a number that the signed state already referred to, although nothing stood there: filling it changes what was signed
  for (const number of added) {
    const isAwaited = isOpaque && !findings.isExplained(number) && !isStructure(objectOrNothing(newer, number))
    if (referrers.has(number) || isAwaited || isRival(newer, number))
      findings.note('hidden-object-defined', `${number}`, { page: pageShowing(findings, number) })
  }
}

/** A part of the file that nothing refers to. */
function isStructure(object: PdfObject | undefined): boolean {
  const type = is(object, 'stream') ? object.dictionary.entries.get('Type') : undefined
  return isName(type, 'XRef') || isName(type, 'ObjStm')
}

/** A second catalogue or cross-reference beside those that count: a reader that rebuilds the file could begin there. */
function isRival(newer: PdfDocument, number: number): boolean {
  const object = objectOrNothing(newer, number)
  const { entries } = is(object, 'stream') ? object.dictionary : is(object, 'dictionary') ? object : dictionary({})
  if (isName(entries.get('Type'), 'Catalog')) return true
  if (!isName(entries.get('Type'), 'XRef') && !entries.has('Root')) return false
  const [section] = newer.sections
  const entry = newer.entry(number)
  const offset = entry?.kind === 'offset' ? entry.offset : null
  return offset === null || (offset !== section?.offset && offset !== section?.trailer.entries.get('XRefStm'))
}

/** The page that uses the object directly, for the message. */
function pageShowing({ step, pageBefore }: StepFindings, number: number): number | null {
  for (const referrer of step.referrers.get(number) ?? []) {
    const dictionary = step.older.dictionary(objectOrNothing(step.older, referrer))
    if (!isName(dictionary?.entries.get('Type'), 'Page')) continue
    return pageBefore(reference(referrer))
  }
  return null
}
