import type { CrossReferenceSection } from '../pdf/cross-reference.ts'
import type { PdfDocument } from '../pdf/document.ts'

const CHUNK_BYTES = 1024 * 1024
/** Blanks and digits before the word `obj`; who writes more of them hides something. */
const HEADER_BYTES = 256
/** An offset may point at the blanks before its object. */
const MAXIMUM_BLANKS = 16
/** Of one chunk with the one before, so that no header is cut. */
const OVERLAP_BYTES = HEADER_BYTES + MAXIMUM_BLANKS + 8

const isBlank = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

const TRAILER = 'trailer'

interface Header {
  readonly position: number
  readonly number: number
  readonly generation: number
}

/**
 * Whether behind `start` stands an object that none of the sections has at its place, or has with another generation. A reader that finds a file
 * damaged rebuilds it from whatever objects it meets, and would take these for the newest ones. Or whether more trailers stand there, be it in
 * a comment or a stream, than the tables have: one could name another catalogue.
 */
export function hasUnlistedObject(
  { source, base }: PdfDocument,
  sections: readonly CrossReferenceSection[],
  start: number,
): boolean {
  const places = listedPlaces(sections, start - base - MAXIMUM_BLANKS)
  let trailers = sections.filter(({ kind }) => kind === 'table').length
  for (let at = start; at < source.length; at += CHUNK_BYTES) {
    const from = Math.max(start, at - OVERLAP_BYTES)
    const bytes = Buffer.from(source.read(from, Math.min(source.length, at + CHUNK_BYTES)))
    // those that end before this chunk were counted with the last one
    const fresh = Math.max(0, at - from - TRAILER.length + 1)
    for (let word = bytes.indexOf(TRAILER, fresh); word >= 0; word = bytes.indexOf(TRAILER, word + 1))
      if (--trailers < 0) return true
    const isListed = ({ position, number, generation }: Header): boolean => {
      for (let place = position; place >= position - MAXIMUM_BLANKS; place--) {
        if (place < position && !isBlank(bytes[place - from])) return false
        const offset = place - base
        if (places.has(`${offset}`) || places.has(`${offset} ${number} ${generation}`)) return true
      }
      return false
    }
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

/** Where sections say that an object stands, `offset number generation`, and where they stand themselves, `offset`. @param least offset */
function listedPlaces(sections: readonly CrossReferenceSection[], least: number): ReadonlySet<string> {
  const places = new Set<string>()
  for (const { offset, trailer, entries } of sections) {
    places.add(`${offset}`).add(`${trailer.entries.get('XRefStm')}`)
    for (const number of entries.numbers()) {
      const entry = entries.get(number)
      if (entry?.kind === 'offset' && entry.offset >= least) places.add(`${entry.offset} ${number} ${entry.generation}`)
    }
  }
  return places
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
