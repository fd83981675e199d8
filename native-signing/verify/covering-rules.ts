import { is, isName, type PdfReference, reference } from '../pdf/objects.ts'
import { pageAt, pagesOf, toRectangle } from '../pdf/page-tree.ts'
import { coveredPart } from '../pdf/rectangle.ts'
import type { Rectangle } from '../types.ts'
import type { StepFindings } from './step-findings.ts'

/** A signature's picture may lie partly over another one; one that takes so much of the page, or of another mark, hides it. */
const HIDING_PART_OF_PAGE = 0.25
const HIDING_PART_OF_MARK = 0.75
/** What an earlier signer saw on a page. */
interface SeenPage {
  readonly box: Rectangle
  readonly marks: readonly { readonly place: Rectangle; readonly widget: number | null }[]
}

/**
 * Says what the pictures of new signatures hide: a page shows something else than what the earlier signer saw there. After the pages were
 * judged, which tell where the pictures are shown: what a widget says itself of its page (/P) binds no reader.
 */
export function judgeCovering(findings: StepFindings): void {
  const pagesShowing = placesOfWidgets(findings)
  const pages = new Map<number, SeenPage | null>()
  for (const widget of findings.pictures) {
    const rectangle = findings.pictureOf(widget)
    if (!rectangle) continue
    for (const page of pagesShowing(widget)) {
      const seen = pages.has(page.number) ? pages.get(page.number) : seenPage(findings, page)
      pages.set(page.number, seen ?? null)
      findings.spend(seen?.marks.length ?? 0)
      if (seen && hides(seen, widget, rectangle))
        findings.note('content-covered', '', { rectangle, page: findings.pageNow(page) })
    }
  }
}

/** A new widget stands in a list that was changed, one that waited to be signed where it stood before. */
function placesOfWidgets({ step, pages, pictures }: StepFindings): (widget: PdfReference) => readonly PdfReference[] {
  const { older, newer, referrers } = step
  const wanted = new Set(pictures.map(({ number }) => number))
  const changed = new Map<number, PdfReference[]>()
  for (const page of wanted.size > 0 ? pages.values() : []) {
    const dictionary = newer.dictionary(page)
    const annotations = dictionary && newer.get(dictionary, 'Annots')
    for (const item of is(annotations, 'array') ? annotations.items : []) {
      if (!is(item, 'reference') || !wanted.has(item.number)) continue
      const known = changed.get(item.number)
      if (known) known.push(page)
      else changed.set(item.number, [page])
    }
  }
  let lists: ReadonlyMap<number | null, readonly PdfReference[]> | null = null
  /** By the object that their annotations are listed in, where it is one of its own. */
  const pagesByList = () => {
    lists ??= Map.groupBy(pagesOf(older), page => {
      const list = older.dictionary(page)?.entries.get('Annots')
      return is(list, 'reference') ? list.number : null
    })
    return lists
  }
  return widget => {
    const waiting = (referrers.get(widget.number) ?? []).flatMap(holder => {
      const object = older.object(holder)
      if (is(object, 'array')) return pagesByList().get(holder) ?? []
      return is(object, 'dictionary') && isName(object.entries.get('Type'), 'Page') ? [reference(holder)] : []
    })
    const all = [...waiting, ...(changed.get(widget.number) ?? [])]
    return [...new Map(all.map(page => [page.number, page])).values()]
  }
}

function seenPage({ step }: StepFindings, target: PdfReference): SeenPage | null {
  const { older } = step
  const page = pageAt(older, target)
  if (!page) return null
  const annotations = older.get(page.dictionary, 'Annots')
  const marks = (is(annotations, 'array') ? annotations.items : []).flatMap(item => {
    const place = toRectangle(older, older.dictionary(item)?.entries.get('Rect'))
    return place ? [{ place, widget: is(item, 'reference') ? item.number : null }] : []
  })
  return { box: page.box, marks }
}

function hides({ box, marks }: SeenPage, { number }: PdfReference, picture: Rectangle): boolean {
  const hidden = marks.some(
    ({ place, widget }) => widget !== number && coveredPart(place, picture) >= HIDING_PART_OF_MARK,
  )
  return hidden || coveredPart(box, picture) >= HIDING_PART_OF_PAGE
}
