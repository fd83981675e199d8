import { SigningError } from '../errors.ts'
import { decodeStream } from './filters.ts'
import { forEachReference, is, isName, type PdfDictionary } from './objects.ts'
import { ObjectParser } from './parser.ts'
import { type ReadingBudget, ROW_BYTES } from './reading-budget.ts'
import type { ByteSource } from './source.ts'

export type CrossReferenceEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number }

/** One cross-reference section with its trailer: what one save of the file wrote. */
export interface CrossReferenceSection {
  readonly kind: 'table' | 'stream'
  /** Where it stands, as `startxref` and /Prev count. */
  readonly offset: number
  /** Where it ends in the source. */
  readonly end: number
  readonly trailer: PdfDictionary
  /** Of the object that a cross-reference stream is itself; null for a table. */
  readonly number: number | null
  readonly entries: EntryTable
  /** Other readers may find other entries here, or further sections that this one does not. */
  readonly isDisputed: boolean
}

/** ISO 32000-1 Annex C.2 */
export const MAXIMUM_OBJECT_NUMBER = 8_388_607
const MAXIMUM_SECTIONS = 1000
/** What says how a section goes on. Behind a reference some readers find it, by the objects that they know already, and others do not. */
const TABLE_KEYS = ['Size', 'Prev', 'XRefStm'] as const
const STREAM_KEYS = [...TABLE_KEYS, 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms'] as const
/** Bytes of an entry's kind: some readers keep no more. */
const MAXIMUM_KIND_BYTES = 4
const FEW_RANGES = 16
const FREE = 0
const OFFSET = 1
const COMPRESSED = 2

interface Range {
  readonly first: number
  readonly kinds: Uint8Array
  /** Offset, or number of the object stream. */
  readonly places: Float64Array
  /** Generation, or index in the object stream. */
  readonly details: Uint32Array
}

/** Entries packed in typed arrays: a file of a million objects costs 13 MB here, not 150. */
export class EntryTable {
  readonly #ranges: Range[] = []
  /** How many came before those of /XRefStm. */
  #ownRanges = Number.POSITIVE_INFINITY
  /** Numbers that the table itself calls free, and /XRefStm does not. */
  readonly #hidden = new Set<number>()
  /** Range of each number, made when there are too many ranges to look through one by one. */
  #index: Map<number, Range> | null = null

  addRange(first: number, count: number): Range {
    const range = {
      first,
      kinds: new Uint8Array(count),
      places: new Float64Array(count),
      details: new Uint32Array(count),
    }
    this.#ranges.push(range)
    this.#index = null
    return range
  }

  get(number: number): CrossReferenceEntry | undefined {
    const range = this.#rangeOf(number)
    if (!range) return undefined
    const index = number - range.first
    const place = range.places[index] ?? 0
    const detail = range.details[index] ?? 0
    if (range.kinds[index] === OFFSET) return { kind: 'offset', offset: place, generation: detail }
    return range.kinds[index] === COMPRESSED ? { kind: 'compressed', stream: place, index: detail } : { kind: 'free' }
  }

  /** The first range that has the number. */
  #rangeOf(number: number): Range | undefined {
    if (this.#ranges.length <= FEW_RANGES) {
      return this.#ranges.find(({ first, kinds }) => number >= first && number < first + kinds.length)
    }
    if (!this.#index) {
      this.#index = new Map()
      for (const range of this.#ranges) {
        for (let index = 0; index < range.kinds.length; index++) {
          if (!this.#index.has(range.first + index)) this.#index.set(range.first + index, range)
        }
      }
    }
    return this.#index.get(number)
  }

  /** One more than the highest number here. */
  get end(): number {
    return this.#ranges.reduce((end, { first, kinds }) => Math.max(end, first + kinds.length), 0)
  }

  *numbers(): Generator<number> {
    for (const { first, kinds } of this.#ranges) for (let index = 0; index < kinds.length; index++) yield first + index
  }

  /**
   * Whether an object has two places here, of which one reader takes the first and another the last. What /XRefStm calls free is no second
   * place: its table is asked first.
   */
  get contradictsItself(): boolean {
    const known = new Map<number, readonly [kind: number, place: number, detail: number]>()
    for (const [position, { first, kinds, places, details }] of this.#ranges.entries()) {
      for (let index = 0; index < kinds.length; index++) {
        const entry = [kinds[index] ?? FREE, places[index] ?? 0, details[index] ?? 0] as const
        if (entry[0] === FREE && position >= this.#ownRanges) continue
        const before = known.get(first + index)
        if (before?.some((value, part) => value !== entry[part])) return true
        known.set(first + index, entry)
      }
    }
    return false
  }

  /** Whether only readers that follow /XRefStm have the object: to others it is gone. */
  hides(number: number): boolean {
    return this.#hidden.has(number)
  }

  /** Takes entries of `other` for numbers that are free or missing here (hybrid files, ISO 32000-1 §7.5.8.4). */
  supplement(other: EntryTable): void {
    for (const range of this.#ranges) {
      for (let index = 0; index < range.kinds.length; index++) {
        if (range.kinds[index] !== FREE) continue
        const better = other.get(range.first + index)
        if (!better || better.kind === 'free') continue
        this.#hidden.add(range.first + index)
        range.kinds[index] = better.kind === 'offset' ? OFFSET : COMPRESSED
        range.places[index] = better.kind === 'offset' ? better.offset : better.stream
        range.details[index] = better.kind === 'offset' ? better.generation : better.index
      }
    }
    this.#ownRanges = Math.min(this.#ownRanges, this.#ranges.length)
    for (const range of other.#ranges) this.#ranges.push(range)
    this.#index = null
  }
}

function unreadable(reason: string, offset: number): never {
  throw new SigningError('pdf-unreadable', { reason, offset })
}

/** The offset behind the last `startxref` of the source, and where that word stands. */
export function findStartOffset(source: ByteSource): { readonly offset: number; readonly keyword: number } {
  const from = Math.max(0, source.length - 4096)
  const found = Buffer.from(source.read(from, source.length)).lastIndexOf('startxref')
  if (found < 0) return unreadable('no startxref at the end', source.length)
  const parser = new ObjectParser(source, from + found + 'startxref'.length)
  const offset = parser.takeInteger()
  return offset === null ? unreadable('startxref without number', from + found) : { offset, keyword: from + found }
}

/**
 * All sections, newest first, along /Prev.
 * @param base position of the file header, from which all offsets count
 * @param known sections of a longer state of the same bytes: those that lie whole within `source` are the same here
 */
export function readSections(
  source: ByteSource,
  base: number,
  start: number,
  budget: ReadingBudget,
  known: readonly CrossReferenceSection[] = [],
): readonly CrossReferenceSection[] {
  const within = known.filter(section => section.end <= source.length)
  const ready = new Map(within.map(section => [section.offset, section]))
  const sections: CrossReferenceSection[] = []
  const seen = new Set<number>()
  for (let offset: number | undefined = start; offset !== undefined; ) {
    if (seen.has(offset) || sections.length >= MAXIMUM_SECTIONS)
      return unreadable('cross-reference sections in a ring', offset)
    seen.add(offset)
    const section: CrossReferenceSection = ready.get(offset) ?? readWholeSection(source, base, offset, budget)
    sections.push(section)
    const previous = section.trailer.entries.get('Prev')
    if (previous !== undefined && typeof previous !== 'number') return unreadable('/Prev is no number', offset)
    offset = previous
  }
  return sections
}

/** A section with what its /XRefStm adds (ISO 32000-1 §7.5.8.4). */
function readWholeSection(
  source: ByteSource,
  base: number,
  offset: number,
  budget: ReadingBudget,
): CrossReferenceSection {
  const section = readSection(source, base, offset, budget)
  const hybrid = section.kind === 'table' ? section.trailer.entries.get('XRefStm') : undefined
  if (typeof hybrid !== 'number') return section
  const other = readSection(source, base, hybrid, budget)
  section.entries.supplement(other.entries)
  // some readers follow the one /Prev and the other
  const previous = other.trailer.entries.get('Prev')
  const forks = previous !== undefined && previous !== section.trailer.entries.get('Prev')
  const isDisputed = section.isDisputed || other.isDisputed || forks
  return { ...section, end: Math.max(section.end, other.end), isDisputed }
}

function readSection(source: ByteSource, base: number, offset: number, budget: ReadingBudget): CrossReferenceSection {
  const position = offset + base
  if (!Number.isInteger(position) || position < 0 || position >= source.length)
    return unreadable('cross-reference outside the file', offset)
  const parser = new ObjectParser(source, position)
  return parser.takeKeyword('xref') ? readTable(parser, source, offset, budget) : readStream(parser, offset, budget)
}

function readTable(
  parser: ObjectParser,
  source: ByteSource,
  offset: number,
  budget: ReadingBudget,
): CrossReferenceSection {
  const entries = new EntryTable()
  while (!parser.takeKeyword('trailer')) {
    const first = parser.takeInteger()
    const count = parser.takeInteger()
    if (first === null || count === null || first + count > MAXIMUM_OBJECT_NUMBER + 1)
      parser.fail('wrong cross-reference subsection')
    if (count * 18 > source.length - parser.position) parser.fail('cross-reference subsection too long')
    budget.inflated(count * (20 + ROW_BYTES))
    readSubsection(parser, source, entries, first, count)
  }
  const trailer = parser.readObject()
  if (!is(trailer, 'dictionary')) return unreadable('trailer is no dictionary', offset)
  return {
    kind: 'table',
    offset,
    end: parser.position,
    trailer,
    number: null,
    entries,
    isDisputed: refersAway(trailer, TABLE_KEYS),
  }
}

/** Twenty bytes each where the file keeps to the form, which is read in one go; else token by token. */
function readSubsection(
  parser: ObjectParser,
  source: ByteSource,
  entries: EntryTable,
  first: number,
  count: number,
): void {
  parser.skipWhitespace()
  const start = parser.position
  const fits = start + count * 20 <= source.length
  const bytes = fits ? Buffer.from(source.read(start, start + count * 20)) : null
  // some writers number the first subsection from 1 although its first entry is that of object 0
  const shift = first === 1 && bytes?.toString('latin1', 0, 18) === '0000000000 65535 f' ? -1 : 0
  const range = entries.addRange(first + shift, count)
  for (let index = 0; index < count; index++) {
    const at = index * 20
    const type = bytes?.[at + 17]
    if (bytes && (type === 0x6e || type === 0x66) && bytes[at + 10] === 0x20 && bytes[at + 16] === 0x20) {
      if (type === 0x6e) {
        range.kinds[index] = OFFSET
        range.places[index] = digits(bytes, at, at + 10)
        range.details[index] = digits(bytes, at + 11, at + 16)
      }
      parser.position = start + at + 18
      continue
    }
    parser.skipWhitespace()
    const place = parser.takeInteger()
    const generation = parser.takeInteger()
    const used = parser.takeKeyword('n')
    if (place === null || generation === null || (!used && !parser.takeKeyword('f')))
      parser.fail('wrong cross-reference entry')
    if (used) {
      range.kinds[index] = OFFSET
      range.places[index] = place
      range.details[index] = generation
    }
    if (bytes) {
      // not the twenty-byte form after all: read the rest by tokens
      readRest(parser, range, index + 1, count)
      return
    }
  }
}

function readRest(parser: ObjectParser, range: Range, from: number, count: number): void {
  for (let index = from; index < count; index++) {
    const place = parser.takeInteger()
    const generation = parser.takeInteger()
    const used = parser.takeKeyword('n')
    if (place === null || generation === null || (!used && !parser.takeKeyword('f')))
      parser.fail('wrong cross-reference entry')
    if (!used) continue
    range.kinds[index] = OFFSET
    range.places[index] = place
    range.details[index] = generation
  }
}

/** The number that the ASCII digits [from, to) write; blanks count as zeros. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let index = from; index < to; index++) {
    const digit = (bytes[index] ?? 0) - 48
    value = value * 10 + (digit >= 0 && digit <= 9 ? digit : 0)
  }
  return value
}

function readStream(parser: ObjectParser, offset: number, budget: ReadingBudget): CrossReferenceSection {
  const { number, object } = parser.readIndirectObject(() => null)
  if (!is(object, 'stream') || !isName(object.dictionary.entries.get('Type'), 'XRef'))
    return unreadable('no cross-reference here', offset)
  const trailer = object.dictionary
  const widths = numbers(trailer, 'W') ?? unreadable('cross-reference stream without /W', offset)
  const [typeWidth = 0, placeWidth = 0, detailWidth = 0] = widths
  const size = trailer.entries.get('Size')
  const index = numbers(trailer, 'Index') ?? (typeof size === 'number' ? [0, size] : [])
  const rowBytes = typeWidth + placeWidth + detailWidth
  if (widths.some(width => width > 8) || rowBytes === 0) return unreadable('wrong /W', offset)
  const data = decodeStream(object)
  budget.inflated(data.length)
  const entries = new EntryTable()
  let at = 0
  let isDisputed =
    object.lengthIsWrong === true ||
    refersAway(trailer, STREAM_KEYS) ||
    // its place is in the trailer of a table
    trailer.entries.has('XRefStm') ||
    typeWidth > MAXIMUM_KIND_BYTES
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const first = index[pair] ?? 0
    // a count beyond the data is cut: those objects simply have no entry
    const count = Math.min(index[pair + 1] ?? 0, Math.floor((data.length - at) / rowBytes))
    if (count !== index[pair + 1]) isDisputed = true
    if (first + count > MAXIMUM_OBJECT_NUMBER + 1) return unreadable('object number too large', offset)
    if (count === 0) continue
    budget.inflated(count * ROW_BYTES)
    const range = entries.addRange(first, count)
    for (let row = 0; row < count; row++, at += rowBytes) {
      const type = typeWidth === 0 ? OFFSET : bigEndian(data, at, typeWidth)
      // some readers find the section damaged by a kind that they do not know
      if (type > COMPRESSED) isDisputed = true
      if (type !== OFFSET && type !== COMPRESSED) continue
      range.kinds[row] = type
      range.places[row] = bigEndian(data, at + typeWidth, placeWidth)
      range.details[row] = bigEndian(data, at + typeWidth + placeWidth, detailWidth)
    }
  }
  return { kind: 'stream', offset, end: parser.position, trailer, number, entries, isDisputed }
}

function refersAway({ entries }: PdfDictionary, keys: readonly string[]): boolean {
  let found = false
  for (const key of keys)
    forEachReference(entries.get(key) ?? null, () => {
      found = true
    })
  return found
}

function numbers(dictionary: PdfDictionary, key: string): readonly number[] | null {
  const value = dictionary.entries.get(key)
  if (!is(value, 'array')) return null
  return value.items.map(item => (typeof item === 'number' && Number.isInteger(item) && item >= 0 ? item : 0))
}

function bigEndian(data: Uint8Array, start: number, width: number): number {
  let value = 0
  for (let index = 0; index < width; index++) value = value * 256 + (data[start + index] ?? 0)
  return value
}
