import { SigningError } from '../errors.ts'
import { equalEntries, equalObjects } from '../pdf/equality.ts'
import { forEachReference, is, type PdfDictionary, type PdfObject, type PdfReference } from '../pdf/objects.ts'
import { pageNumbers, toRectangle } from '../pdf/page-tree.ts'
import type { Rectangle } from '../types.ts'
import { type Change, type ChangeKind, change, type Place } from './change.ts'
import { type Permissions, permissionsIn } from './permissions.ts'
import type { RevisionStep } from './revision-step.ts'

/** Things of one update that are compared with each other: enough for a thousand marks on each of a thousand pages. */
const MAXIMUM_COMPARISONS = 10_000_000

/** Flags of an annotation (ISO 32000-2 §12.5.3): hidden, not on the screen; but on paper, or where the pointer is (ToggleNoView). */
const HIDDEN = 2
const NO_VIEW = 32
const SEEN_ALL_THE_SAME = 4 | 256

/** What the rules have found out about one update so far: which changed objects are explained, and what was done. */
export class StepFindings {
  readonly step: RevisionStep
  readonly permissions: Permissions
  readonly changes: Change[] = []
  /** Widgets of new signatures: they may stand on a page from now on. */
  readonly newWidgets = new Set<number>()
  /** Widgets of signatures that were made, be they new or were waiting. */
  readonly pictures: PdfReference[] = []
  /** Pages to look at, by object number. */
  readonly pages = new Map<number, PdfReference>()
  /** Numbers of pages, from 1, in the older state and in the newer one. */
  readonly pageBefore: (page: PdfReference) => number | null
  readonly pageNow: (page: PdfReference) => number | null
  readonly #explained = new Set<number>()
  #comparisons = 0

  constructor(step: RevisionStep) {
    this.step = step
    this.permissions = permissionsIn(step.older)
    this.pageBefore = pageNumbers(step.older)
    this.pageNow = pageNumbers(step.newer)
  }

  /** Where few objects can stand in many places. @throws SigningError pdf-unreadable for an update that keeps us busy */
  spend(comparisons: number): void {
    this.#comparisons += comparisons
    if (this.#comparisons > MAXIMUM_COMPARISONS)
      throw new SigningError('pdf-unreadable', { reason: 'update too large' })
  }

  note(kind: ChangeKind, detail: string, place?: Place): void {
    this.changes.push(change(kind, detail, place))
  }

  isExplained(number: number): boolean {
    return this.#explained.has(number)
  }

  isTouched(number: number): boolean {
    return this.step.changed.has(number) || this.step.added.has(number)
  }

  /** Takes the object off the list of the unexplained, whoever else uses it: a rule has judged every key of it. */
  settle(number: number): void {
    this.#explained.add(number)
  }

  /**
   * Accepts a changed object in a place where one is awaited: the older state may refer to it at most once, and from there. Else the same
   * object serves two ends, one of them unseen (an array that is a page's annotations and its content, a store of certificates that is
   * the list of scripts too).
   */
  explain(number: number, expectedReferrers: readonly number[]): boolean {
    const referrers = this.step.referrers.get(number) ?? []
    if (referrers.length > 1 || !referrers.every(referrer => expectedReferrers.includes(referrer))) return false
    this.#explained.add(number)
    return true
  }

  /** Marks what is newly reachable; a reference to something old leads to nothing new and is not followed. */
  explainNew(object: PdfObject): void {
    const waiting: PdfObject[] = [object]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      forEachReference(next, ({ number }) => {
        if (!this.step.added.has(number) || this.#explained.has(number) || !this.explain(number, [])) return
        waiting.push(this.step.newer.object(number))
      })
    }
  }

  /** A dictionary that this update made; a stream would be one too, but could also be shown as content. */
  newDictionary(target: PdfReference): PdfDictionary | null {
    const object = this.step.newer.object(target.number)
    return this.step.added.has(target.number) && is(object, 'dictionary') ? object : null
  }

  /** Page and rectangle of an annotation of the newer state. */
  placeOf(annotation: PdfObject | undefined): Place {
    const { newer } = this.step
    const dictionary = newer.dictionary(annotation)
    const page = dictionary?.entries.get('P')
    const rectangle = dictionary && toRectangle(newer, dictionary.entries.get('Rect'))
    const drawn = rectangle !== null && rectangle.width > 0 && rectangle.height > 0
    return { page: is(page, 'reference') ? this.pageNow(page) : null, rectangle: drawn ? rectangle : null }
  }

  /**
   * Where a widget of the newer state is seen, on the screen or on paper; null where it shows nothing. Without a picture of its own some readers
   * draw the ground and border that it asks for (/MK).
   */
  pictureOf(widget: PdfReference): Rectangle | null {
    const { newer } = this.step
    const dictionary = newer.dictionary(widget)
    const value = dictionary && newer.get(dictionary, 'F')
    const flags = typeof value === 'number' ? value : 0
    const isUnseen = (flags & HIDDEN) !== 0 || ((flags & NO_VIEW) !== 0 && (flags & SEEN_ALL_THE_SAME) === 0)
    const isDrawn = dictionary?.entries.has('AP') || dictionary?.entries.has('MK')
    return isUnseen || !isDrawn ? null : (this.placeOf(widget).rectangle ?? null)
  }
}

export function differingKeys(before: PdfDictionary, after: PdfDictionary): readonly string[] {
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()])
  return [...keys].filter(key => !equalEntries(before, after, key))
}

/** What `after` has beyond `before`; null unless all of `before` is still there in its order. */
export function additions(before: readonly PdfObject[], after: readonly PdfObject[]): readonly PdfObject[] | null {
  const fresh: PdfObject[] = []
  let kept = 0
  for (const item of after) {
    if (kept < before.length && equalObjects(before[kept], item)) kept++
    else fresh.push(item)
  }
  return kept === before.length ? fresh : null
}
