import type { PdfDocument } from '../pdf/document.ts'
import { is, isName, type PdfReference, reference } from '../pdf/objects.ts'
import { pageAt, pageNumber, pagesOf, toRectangle } from '../pdf/page-tree.ts'
import { coveredPart } from '../pdf/rectangle.ts'
import type { StepFindings } from './step-findings.ts'

/** A signature's picture may lie partly over another one; one that takes so much of the page, or of another mark, hides it. */
const HIDING_PART_OF_PAGE = 0.25
const HIDING_PART_OF_MARK = 0.75
/** Hidden, NoView (ISO 32000-2 §12.5.3). */
const UNSEEN = 2 | 32

/**
 * Says what the pictures of new signatures hide: a page shows something else than what the earlier signer saw there. After the pages were
 * judged, which tell where the pictures are shown: what a widget says itself of its page (/P) binds no reader.
 */
export function judgeCovering(findings: StepFindings): void {
  const { newer } = findings.step
  for (const widget of findings.pictures) {
    const dictionary = newer.dictionary(widget)
    const flags = dictionary && newer.get(dictionary, 'F')
    const unseen = typeof flags === 'number' && (flags & UNSEEN) !== 0
    const { rectangle } = findings.placeOf(widget)
    if (!rectangle || unseen || !dictionary?.entries.has('AP')) continue
    for (const page of pagesShowing(findings, widget)) {
      if (hides(findings.step.older, page, widget, rectangle))
        findings.note('content-covered', '', { rectangle, page: pageNumber(newer, page) })
    }
  }
}

/** A new widget stands in a list that was changed, one that waited to be signed where it stood before. */
function pagesShowing({ step, pages }: StepFindings, widget: PdfReference): readonly PdfReference[] {
  const { older, newer, referrers } = step
  const holders = referrers.get(widget.number) ?? []
  const waiting = holders.flatMap(holder => {
    const object = older.object(holder)
    if (is(object, 'array')) return pagesOf(older).filter(page => listOf(older, page) === holder)
    return is(object, 'dictionary') && isName(object.entries.get('Type'), 'Page') ? [reference(holder)] : []
  })
  const changed = [...pages.values()].filter(page => {
    const dictionary = newer.dictionary(page)
    const annotations = dictionary && newer.get(dictionary, 'Annots')
    return (
      is(annotations, 'array') && annotations.items.some(item => is(item, 'reference') && item.number === widget.number)
    )
  })
  return [...new Map([...waiting, ...changed].map(page => [page.number, page])).values()]
}

/** Number of the object that a page's annotations are listed in, where it is one of its own. */
function listOf(document: PdfDocument, page: PdfReference): number | null {
  const list = document.dictionary(page)?.entries.get('Annots')
  return is(list, 'reference') ? list.number : null
}

function hides(
  older: PdfDocument,
  page: PdfReference,
  widget: PdfReference,
  rectangle: Parameters<typeof coveredPart>[1],
): boolean {
  const seen = pageAt(older, page)
  if (!seen) return false
  const annotations = older.get(seen.dictionary, 'Annots')
  const marks = (is(annotations, 'array') ? annotations.items : [])
    .filter(item => !(is(item, 'reference') && item.number === widget.number))
    .map(item => toRectangle(older, older.dictionary(item)?.entries.get('Rect')))
    .filter(mark => mark !== null)
  return (
    marks.some(mark => coveredPart(mark, rectangle) >= HIDING_PART_OF_MARK) ||
    coveredPart(seen.box, rectangle) >= HIDING_PART_OF_PAGE
  )
}
