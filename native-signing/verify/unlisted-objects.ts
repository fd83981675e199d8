import type { CrossReferenceSection } from '../pdf/cross-reference.ts'
import type { PdfDocument } from '../pdf/document.ts'

const CHUNK_BYTES = 1024 * 1024
/** Blanks and digits before the word `obj`; who writes more of them hides something. */
const HEADER_BYTES = 256
/** Of one chunk with the one before, so that no header is cut. */
const OVERLAP_BYTES = HEADER_BYTES + 8
/** An offset may point at the blanks before its object. */
const MAXIMUM_BLANKS = 16

const isBlank = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

interface Header {
  readonly position: number
  readonly number: number
  readonly generation: number
}

/**
 * Whether behind `start` stands an object that none of the sections has at its place, or has with another generation. A reader that finds a file
 * damaged rebuilds it from whatever objects it meets, and would take these for the newest ones.
 */
export function hasUnlistedObject(
  { source, base }: PdfDocument,
  sections: readonly CrossReferenceSection[],
  start: number,
): boolean {
  const ownPlaces = sections.flatMap(({ offset, trailer }) => [offset, trailer.entries.get('XRefStm')])
  for (let at = start; at < source.length; at += CHUNK_BYTES) {
    const from = Math.max(start, at - OVERLAP_BYTES)
    const bytes = Buffer.from(source.read(from, Math.min(source.length, at + CHUNK_BYTES)))
    const isNear = (position: number, place: unknown): boolean => {
      if (typeof place !== 'number') return false
      const blanks = position - place - base
      return (
        blanks >= 0 && blanks <= MAXIMUM_BLANKS && bytes.subarray(place + base - from, position - from).every(isBlank)
      )
    }
    const isListed = ({ position, number, generation }: Header): boolean =>
      ownPlaces.some(place => isNear(position, place)) ||
      sections.some(({ entries }) => {
        const entry = entries.get(number)
        return entry?.kind === 'offset' && entry.generation === generation && isNear(position, entry.offset)
      })
    for (
      let word = bytes.indexOf('obj', Math.max(0, at - from - 2));
      word >= 0;
      word = bytes.indexOf('obj', word + 3)
    ) {
      const header = headerBefore(bytes, word)
      if (header === 'endless') return true
      if (header && !isListed({ ...header, position: from + header.position })) return true
    }
  }
  return false
}

/** Number and generation before the word; null where there are none. */
function headerBefore(bytes: Buffer, word: number): Header | 'endless' | null {
  let at = word
  const back = (matches: (byte: number | undefined) => boolean): string => {
    const end = at
    while (at > 0 && end - at < HEADER_BYTES && matches(bytes[at - 1])) at--
    return bytes.toString('latin1', at, end)
  }
  back(isBlank)
  const generation = back(isDigit)
  const between = generation && back(isBlank)
  const number = between && back(isDigit)
  if (word - at >= HEADER_BYTES) return 'endless'
  return number ? { position: at, number: Number(number), generation: Number(generation) } : null
}
