import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { equalObjects, isAmbiguous } from '../pdf/equality.ts'
import { forEachReference, is, isName, type PdfObject } from '../pdf/objects.ts'

/** What one incremental update did to the objects, as raw facts. */
export interface RevisionStep {
  readonly older: PdfDocument
  readonly newer: PdfDocument
  /** Numbers whose object was there before and is another now (or gone). */
  readonly changed: ReadonlySet<number>
  /** Numbers that had no object before. */
  readonly added: ReadonlySet<number>
  /**
   * Those among them that are one thing to one reader and another to the next: a key or the object itself stands twice, or the generation is
   * another. And those that hold objects of the older state, which say nothing of their own and change with them.
   */
  readonly ambiguous: ReadonlySet<number>
  /** For each number above: the objects of the older state that refer to it, once per reference (0 is the trailer). */
  readonly referrers: ReadonlyMap<number, readonly number[]>
  /** Whether the older state refers to an object more than once, so that it may serve several ends. */
  isShared(number: number): boolean
  /** The older state uses an object that cannot be read here: what it refers to is not known. */
  readonly isOpaque: boolean
}

const MAXIMUM_UPDATED_OBJECTS = 200_000
/** Whoever asks wants to know whether there is one, and which; a few more are for messages. */
const MAXIMUM_REFERRERS = 16

/** An object that cannot be read stays a mystery, equal to nothing. */
export function objectOrNothing(document: PdfDocument, number: number): PdfObject | undefined {
  try {
    return document.object(number)
  } catch (error) {
    if (error instanceof SigningError) return undefined
    throw error
  }
}

/** Free numbers have none: taking an object away is a change of its own. */
function generationOf(document: PdfDocument, number: number): number {
  const entry = document.entry(number)
  return entry?.kind === 'offset' ? entry.generation : 0
}

/** Whether a cross-reference stream may have the number without listing itself: nothing stood there, or a former one. */
function isReplaceable(object: PdfObject | undefined): boolean {
  return object === null || (is(object, 'stream') && isName(object.dictionary.entries.get('Type'), 'XRef'))
}

/** Gathers the facts of the newest section of `newer`. @throws SigningError pdf-unreadable for updates beyond all measure */
export function revisionStep(older: PdfDocument, newer: PdfDocument): RevisionStep {
  const changed = new Set<number>()
  const added = new Set<number>()
  const ambiguous = new Set<number>()
  let count = 0
  for (const number of newer.sections[0]?.entries.numbers() ?? []) {
    if (++count > MAXIMUM_UPDATED_OBJECTS) throw new SigningError('pdf-unreadable', { reason: 'update too large' })
    const before = objectOrNothing(older, number)
    const after = objectOrNothing(newer, number)
    const isOther = before !== null && generationOf(older, number) !== generationOf(newer, number)
    const isHidden = before !== null && newer.sections[0]?.entries.hides(number) === true
    if (isOther || isHidden || isAmbiguous(after) || (after !== undefined && newer.isDisputed(number)))
      ambiguous.add(number)
    // one of another length to other readers is no equal
    else if (before !== undefined && equalObjects(before, after) && !(is(after, 'stream') && after.lengthIsWrong))
      continue
    if (before === null) added.add(number)
    else changed.add(number)
  }
  const own = newer.sections[0]?.number ?? null
  if (own !== null && !newer.sections[0]?.entries.get(own) && !isReplaceable(objectOrNothing(older, own)))
    ambiguous.add(own)
  for (const number of older.numbers()) {
    const entry = older.entry(number)
    const holder = entry?.kind === 'compressed' ? entry.stream : 0
    if (changed.has(holder) || added.has(holder)) ambiguous.add(holder)
  }
  return { older, newer, changed, added, ambiguous, ...findReferrers(older, changed, added) }
}

/** One pass over the older objects. Page content and images are not read, only their dictionaries. */
function findReferrers(
  older: PdfDocument,
  changed: ReadonlySet<number>,
  added: ReadonlySet<number>,
): Pick<RevisionStep, 'referrers' | 'isShared' | 'isOpaque'> {
  const referrers = new Map<number, number[]>()
  /** References to each object: none, one, more. */
  const uses = new Uint8Array(older.size)
  const isShared = (number: number): boolean => (uses[number] ?? 0) > 1
  if (changed.size + added.size === 0) return { referrers, isShared, isOpaque: false }
  const unread: number[] = []
  const note = (object: PdfObject, from: number) =>
    forEachReference(object, ({ number }) => {
      uses[number] = Math.min(2, (uses[number] ?? 0) + 1)
      if (!changed.has(number) && !added.has(number)) return
      const known = referrers.get(number)
      if (!known) referrers.set(number, [from])
      else if (known.length < MAXIMUM_REFERRERS) known.push(from)
    })
  for (const value of older.trailer.entries.values()) note(value, 0)
  for (const number of older.numbers()) {
    const object = objectOrNothing(older, number)
    if (object === undefined) unread.push(number)
    else note(object, number)
  }
  return { referrers, isShared, isOpaque: unread.some(number => uses[number] !== 0) }
}
