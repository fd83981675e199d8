import { SigningError } from '../errors.ts'
import {
  type CrossReferenceEntry,
  type CrossReferenceSection,
  findStartOffset,
  MAXIMUM_OBJECT_NUMBER,
  readSections,
} from './cross-reference.ts'
import { Encryption } from './encryption.ts'
import { decodeStream } from './filters.ts'
import { is, isName, type PdfDictionary, type PdfObject, type PdfReference, type PdfStream } from './objects.ts'
import { ObjectParser } from './parser.ts'
import { ReadingBudget } from './reading-budget.ts'
import { type ByteSource, MemorySource, SourceSlice } from './source.ts'

const MAXIMUM_REFERENCE_CHAIN = 32
const CACHED_OBJECTS = 512
const CACHED_OBJECT_STREAMS = 8
const MAXIMUM_OBJECTS_IN_STREAM = 1_000_000

interface ObjectStream {
  readonly source: ByteSource
  /** Object number and position of each object, in order. */
  readonly places: readonly { readonly number: number; readonly position: number }[]
  /** Numbers that stand there at two positions. */
  readonly doubled: ReadonlySet<number>
}

/** Where offsets count from, and the sections. */
function readStructure(
  source: ByteSource,
  header: number,
  budget: ReadingBudget,
  known: readonly CrossReferenceSection[],
) {
  const { offset } = findStartOffset(source)
  if (header === 0) return { base: 0, sections: readSections(source, 0, offset, budget, known) }
  // leading junk: writers disagree whether offsets count from the file's start or from the header
  try {
    return { base: 0, sections: readSections(source, 0, offset, budget) }
  } catch (error) {
    if (!(error instanceof SigningError)) throw error
    return { base: header, sections: readSections(source, header, offset, budget) }
  }
}

/** A PDF file over random access: only cross-reference, trailer and the objects that somebody asks for are read. */
export class PdfDocument {
  readonly source: ByteSource
  /** Position of the header; the offsets inside the file count from it (0 but for files with leading junk). */
  readonly base: number
  /** Newest first. */
  readonly sections: readonly CrossReferenceSection[]
  readonly trailer: PdfDictionary
  /** The first object number that no section uses and no trailer claims. */
  readonly size: number
  /** Null for files that anybody can read. */
  readonly encryption: Encryption | null
  readonly #password: string | undefined
  readonly #budget: ReadingBudget
  /** The one object whose strings are never encrypted. */
  readonly #encryptionNumber: number
  readonly #objects = new Map<number, PdfObject>()
  readonly #objectStreams = new Map<number, ObjectStream>()
  readonly #inProgress = new Set<number>()
  readonly #oddNumbers = new Set<number>()
  /** All that the source holds, not an earlier state of it. */
  #isWhole = true

  private constructor(
    source: ByteSource,
    base: number,
    sections: readonly CrossReferenceSection[],
    budget: ReadingBudget,
    password: string | undefined,
    encryption?: Encryption | null,
  ) {
    const [newest] = sections
    if (!newest) throw new SigningError('pdf-unreadable', { reason: 'no cross-reference' })
    this.source = source
    this.base = base
    this.sections = sections
    this.trailer = newest.trailer
    const sizes = sections.map(section => section.trailer.entries.get('Size'))
    this.size = Math.max(
      1,
      // a trailer may claim anything; what no file can have is not believed
      ...sizes.filter(size => typeof size === 'number').filter(size => size <= MAXIMUM_OBJECT_NUMBER + 1),
      ...sections.map(({ entries }) => entries.end),
    )
    this.#budget = budget
    this.#password = password
    const holder = this.trailer.entries.get('Encrypt')
    this.#encryptionNumber = is(holder, 'reference') ? holder.number : 0
    this.encryption = null
    this.encryption = encryption === undefined ? this.#openEncryption(holder) : encryption
  }

  /**
   * @param password for encrypted files: the user's or the owner's; most open without
   * @throws SigningError pdf-unreadable when there is no usable structure, pdf-encrypted when it is encrypted in another way than by
   *   password, pdf-password-required, pdf-password-wrong
   */
  static open(source: ByteSource, password?: string): PdfDocument {
    return PdfDocument.#open(source, new ReadingBudget(), password, [])
  }

  static #open(
    source: ByteSource,
    budget: ReadingBudget,
    password: string | undefined,
    known: readonly CrossReferenceSection[],
  ): PdfDocument {
    const head = Buffer.from(source.read(0, Math.min(1024, source.length)))
    const header = head.indexOf('%PDF-')
    if (header < 0) throw new SigningError('pdf-unreadable', { reason: 'no PDF header', offset: 0 })
    const { base, sections } = readStructure(source, header, budget, known)
    return new PdfDocument(source, base, sections, budget, password)
  }

  /** The same file as it was before its newest `count` sections. */
  before(count: number): PdfDocument {
    const sections = this.sections.slice(count)
    const earlier = new PdfDocument(this.source, this.base, sections, this.#budget, this.#password, this.encryption)
    earlier.#isWhole = this.#isWhole && count === 0
    return earlier
  }

  /** The same file cut off at a position, as it was when no more of it was there. @throws SigningError as `open` */
  cutAt(end: number): PdfDocument {
    if (this.#isWhole && end === this.source.length) return this
    const known = this.base === 0 ? this.sections : []
    return PdfDocument.#open(new SourceSlice(this.source, 0, end), this.#budget, this.#password, known)
  }

  #openEncryption(holder: PdfObject | undefined): Encryption | null {
    if (holder === undefined) return null
    const dictionary = this.resolve(holder)
    if (!is(dictionary, 'dictionary')) throw new SigningError('pdf-unreadable', { reason: 'wrong /Encrypt' })
    const identifier = this.identifier ?? new Uint8Array(0)
    const encryption = new Encryption(
      { dictionary, identifier, get: (owner, key) => this.get(owner, key) },
      this.#password,
    )
    // what was read until now was read without its key
    this.#objects.clear()
    return encryption
  }

  /** First half of the trailer's /ID, which a file keeps through all its updates (ISO 32000-1 §14.4); null where there is none. */
  get identifier(): Uint8Array | null {
    if (this.encryption) return this.encryption.identifier
    const identifiers = this.resolve(this.trailer.entries.get('ID'))
    const first = is(identifiers, 'array') ? this.resolve(identifiers.items[0]) : null
    return is(first, 'string') ? first.bytes : null
  }

  /** Where an object stands; undefined for numbers that no section knows. */
  entry(number: number): CrossReferenceEntry | undefined {
    for (const section of this.sections) {
      const entry = section.entries.get(number)
      if (entry) return entry
    }
    return undefined
  }

  /** Each object number in use, once. */
  *numbers(): Generator<number> {
    const seen = new Set<number>()
    for (const section of this.sections) {
      for (const number of section.entries.numbers()) {
        if (seen.has(number)) continue
        seen.add(number)
        if (section.entries.get(number)?.kind !== 'free') yield number
      }
    }
  }

  /** The object of that number; null when free or unknown (ISO 32000-1 §7.3.10). */
  object(number: number): PdfObject {
    const known = this.#objects.get(number)
    if (known !== undefined) return known
    const entry = this.entry(number)
    if (!entry || entry.kind === 'free') return null
    if (this.#inProgress.has(number))
      throw new SigningError('pdf-unreadable', { reason: 'object needs itself', object: number })
    this.#inProgress.add(number)
    try {
      const object =
        entry.kind === 'offset'
          ? this.#read(number, entry.offset + this.base)
          : this.#readCompressed(number, entry.stream, entry.index)
      if (this.#objects.size >= CACHED_OBJECTS) this.#objects.clear()
      this.#objects.set(number, object)
      return object
    } finally {
      this.#inProgress.delete(number)
    }
  }

  #read(number: number, position: number): PdfObject {
    const parser = new ObjectParser(this.source, position)
    const found = this.#charged(parser, () => parser.readIndirectObject(length => this.resolve(length)))
    if (parser.sawOddNumber || parser.lastIsWholeReal) this.#oddNumbers.add(number)
    if (found.number !== number) {
      throw new SigningError('pdf-unreadable', {
        reason: 'another object stands there',
        object: number,
        offset: position,
      })
    }
    return this.encryption && number !== this.#encryptionNumber
      ? this.encryption.decrypt(found, found.object)
      : found.object
  }

  #readCompressed(number: number, streamNumber: number, index: number): PdfObject {
    const { source, places } = this.#objectStream(streamNumber)
    const direct = places[index]
    if (direct?.number !== number) this.#budget.inflated(places.length)
    const place = direct?.number === number ? direct : places.find(candidate => candidate.number === number)
    if (!place)
      throw new SigningError('pdf-unreadable', { reason: 'object missing in its object stream', object: number })
    const parser = new ObjectParser(source, place.position, false)
    const object = this.#charged(parser, () => parser.readObject())
    if (parser.sawOddNumber || parser.lastIsWholeReal) this.#oddNumbers.add(number)
    return object
  }

  /**
   * Whether other readers may take another object for the one of that number: it is a whole number written as a real, or a number in it is
   * written in no proper form; its object stream has it at two places, or another one where the cross-reference section says; or it is an
   * object stream with more in it than the sections say. Of an object that was read. @throws SigningError pdf-unreadable
   */
  isDisputed(number: number): boolean {
    if (this.#oddNumbers.has(number)) return true
    const entry = this.entry(number)
    if (entry?.kind === 'offset' && this.#isObjectStream(number))
      return this.#objectStream(number).places.some(held => {
        const place = this.entry(held.number)
        return place?.kind !== 'compressed' || place.stream !== number
      })
    if (entry?.kind !== 'compressed') return false
    const { places, doubled } = this.#objectStream(entry.stream)
    return doubled.has(number) || places[entry.index]?.number !== number
  }

  #isObjectStream(number: number): boolean {
    const object = this.object(number)
    return is(object, 'stream') && isName(object.dictionary.entries.get('Type'), 'ObjStm')
  }

  /** Parsing is paid for also where it fails. */
  #charged<T>(parser: ObjectParser, read: () => T): T {
    try {
      return read()
    } finally {
      this.#budget.parsed(parser.work)
    }
  }

  #decoded(stream: PdfStream, maximum?: number): Uint8Array {
    const data = decodeStream(this.#withDirectParameters(stream), maximum)
    this.#budget.inflated(data.length)
    return data
  }

  #objectStream(number: number): ObjectStream {
    const known = this.#objectStreams.get(number)
    if (known) return known
    if (this.entry(number)?.kind !== 'offset')
      throw new SigningError('pdf-unreadable', { reason: 'no such object stream', object: number })
    const stream = this.object(number)
    const type = is(stream, 'stream') ? stream.dictionary.entries.get('Type') : undefined
    const count = is(stream, 'stream') ? this.resolve(stream.dictionary.entries.get('N')) : null
    const first = is(stream, 'stream') ? this.resolve(stream.dictionary.entries.get('First')) : null
    if (!is(stream, 'stream') || !isName(type, 'ObjStm') || typeof count !== 'number' || typeof first !== 'number') {
      throw new SigningError('pdf-unreadable', { reason: 'wrong object stream', object: number })
    }
    if (count > MAXIMUM_OBJECTS_IN_STREAM)
      throw new SigningError('pdf-unreadable', { reason: 'object stream too large' })
    const source = new MemorySource(this.#decoded(stream))
    const parser: ObjectParser = new ObjectParser(source, 0, false)
    const places: { number: number; position: number }[] = []
    const positions = new Map<number, number>()
    const doubled = new Set<number>()
    for (let index = 0; index < count; index++) {
      const ownNumber = parser.takeInteger()
      const offset = parser.takeInteger()
      if (ownNumber === null || offset === null) parser.fail('wrong object stream')
      places.push({ number: ownNumber, position: first + offset })
      if ((positions.get(ownNumber) ?? offset) !== offset) doubled.add(ownNumber)
      positions.set(ownNumber, offset)
    }
    if (this.#objectStreams.size >= CACHED_OBJECT_STREAMS) {
      for (const oldest of this.#objectStreams.keys()) {
        this.#objectStreams.delete(oldest)
        break
      }
    }
    const decoded = { source, places, doubled }
    this.#objectStreams.set(number, decoded)
    return decoded
  }

  /**
   * A stream's content, filters undone.
   * @param maximum bytes
   * @throws SigningError pdf-unreadable for damaged data, filters of pictures and what is too long
   */
  streamData(stream: PdfStream, maximum?: number): Uint8Array {
    return this.#decoded(stream, maximum)
  }

  /** /Filter and /DecodeParms may be references. */
  #withDirectParameters(stream: PdfStream): PdfStream {
    const entries = new Map(stream.dictionary.entries)
    for (const key of ['Filter', 'DecodeParms']) {
      const value = this.resolve(entries.get(key))
      if (value !== null) entries.set(key, value)
    }
    return { ...stream, dictionary: { ...stream.dictionary, entries } }
  }

  /** Follows references until something else stands there. */
  resolve(object: PdfObject | undefined): PdfObject {
    let value: PdfObject = object ?? null
    for (let steps = 0; is(value, 'reference'); steps++) {
      if (steps > MAXIMUM_REFERENCE_CHAIN) throw new SigningError('pdf-unreadable', { reason: 'references in a ring' })
      value = this.object(value.number)
    }
    return value
  }

  /** An entry of a dictionary, references followed. */
  get(dictionary: PdfDictionary, key: string): PdfObject {
    return this.resolve(dictionary.entries.get(key))
  }

  /** The dictionary behind `object` (a stream's own dictionary too), or null. */
  dictionary(object: PdfObject | undefined): PdfDictionary | null {
    const value = this.resolve(object)
    return is(value, 'dictionary') ? value : is(value, 'stream') ? value.dictionary : null
  }

  get catalogReference(): PdfReference {
    const root = this.trailer.entries.get('Root')
    if (!is(root, 'reference')) throw new SigningError('pdf-unreadable', { reason: 'no /Root' })
    return root
  }

  get catalog(): PdfDictionary {
    const catalog = this.resolve(this.catalogReference)
    if (!is(catalog, 'dictionary')) throw new SigningError('pdf-unreadable', { reason: 'no catalogue' })
    return catalog
  }
}
