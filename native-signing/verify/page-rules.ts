import { is, isName, type PdfObject, type PdfReference } from '../pdf/objects.ts'
import { objectOrNothing } from './revision-step.ts'
import { additions, differingKeys, type StepFindings } from './step-findings.ts'

/**
 * Comments that cannot pose as content: signs that the reader draws itself, by their kind. One with an appearance of its own could draw
 * anything over the page ("evil annotation", Mladenov et al. 2021), so it is no comment here, also where a certification allows comments.
 */
const COMMENT_KINDS: ReadonlySet<string> = new Set(['Text', 'Popup', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut'])
const DRAWING_KEYS = ['AP', 'A', 'AA', 'OC', 'RC', 'BS', 'Border', 'MK'] as const

/** Pages whose dictionary or list of annotations is another now; widgets need not name their page. */
export function judgePages(findings: StepFindings): void {
  const { older, changed, referrers } = findings.step
  for (const number of changed) {
    const object = objectOrNothing(older, number)
    const owners = is(object, 'array') ? [...(referrers.get(number) ?? [])] : [number]
    for (const owner of owners) {
      const isPage = isName(older.dictionary(objectOrNothing(older, owner))?.entries.get('Type'), 'Page')
      if (isPage) findings.pages.set(owner, { kind: 'reference', number: owner, generation: 0 })
    }
  }
  for (const page of findings.pages.values()) judgePage(findings, page)
}

/** Only a page's /Annots may differ, and there only widgets of new signatures may be added, or comments where they are allowed. */
function judgePage(findings: StepFindings, page: PdfReference): void {
  const { older, newer } = findings.step
  const before = older.dictionary(page)
  const after = newer.dictionary(page)
  if (!before || !after) return
  const number = findings.pageNow(page)
  const others = differingKeys(before, after).filter(key => key !== 'Annots')
  const holder = after.entries.get('Annots')
  const itemsBefore = older.get(before, 'Annots')
  const items = newer.get(after, 'Annots')
  findings.spend(is(items, 'array') ? items.items.length : 0)
  const fresh = additions(is(itemsBefore, 'array') ? itemsBefore.items : [], is(items, 'array') ? items.items : [])
  if (others.length > 0) findings.note('page-changed', others.join(), { page: number })
  if (!fresh) findings.note('annotation-changed', 'Annots', { page: number })
  for (const item of fresh ?? []) judgeAnnotation(findings, item, number)
  findings.settle(page.number)
  if (is(holder, 'reference') && findings.isTouched(holder.number)) findings.explain(holder.number, [page.number])
}

function judgeAnnotation(findings: StepFindings, item: PdfObject, page: number | null): void {
  if (is(item, 'reference') && findings.newWidgets.has(item.number)) return
  const place = { ...findings.placeOf(item), page }
  const comment = findings.permissions.comments && is(item, 'reference') && isComment(findings, item)
  findings.note(comment ? 'comment-added' : 'annotation-changed', 'Annots', place)
}

function isComment(findings: StepFindings, target: PdfReference): boolean {
  const annotation = findings.newDictionary(target)
  const kind = annotation && findings.step.newer.get(annotation, 'Subtype')
  if (!annotation || !is(kind, 'name') || !COMMENT_KINDS.has(kind.name)) return false
  return !DRAWING_KEYS.some(key => annotation.entries.has(key)) && findings.explain(target.number, [])
}
