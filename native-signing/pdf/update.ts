import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { SigningError } from '../errors.ts'
import type { PdfDocument } from './document.ts'
import {
  array,
  is,
  name,
  type PdfDictionary,
  type PdfObject,
  type PdfReference,
  reference,
  string,
  withEntries,
} from './objects.ts'
import { indirectObjectBytes, objectToken } from './serialize.ts'
import { MemorySource } from './source.ts'

/** Largest offset that a cross-reference table can hold. */
const MAXIMUM_TABLE_OFFSET = 9_999_999_999

/** Entries of the last trailer that describe that section alone, not the document. */
const SECTION_ENTRIES = [
  'Prev',
  'XRefStm',
  'Size',
  'W',
  'Index',
  'Filter',
  'DecodeParms',
  'Length',
  'Type',
  'ID',
] as const

interface Placed {
  readonly number: number
  readonly generation: number
  readonly offset: number
}

/**
 * One incremental update (ISO 32000-1 §7.5.6): new and changed objects gathered, then written behind the untouched file with a
 * cross-reference section of the same kind as the file's last one (a reader that meets the other kind may rebuild the whole file).
 */
export class IncrementalUpdate {
  readonly #document: PdfDocument
  readonly #objects = new Map<number, { readonly generation: number; readonly object: PdfObject }>()
  #nextNumber: number

  constructor(document: PdfDocument) {
    this.#document = document
    this.#nextNumber = document.size
  }

  /** Reserves a number for an object to come. */
  reserve(): PdfReference {
    return reference(this.#nextNumber++)
  }

  /** Sets the object of a number: a new one or the new version of an old one. */
  set(target: PdfReference, object: PdfObject): void {
    const entry = this.#document.entry(target.number)
    const generation = entry?.kind === 'offset' ? entry.generation : target.generation
    this.#objects.set(target.number, { generation, object })
  }

  add(object: PdfObject): PdfReference {
    const target = this.reserve()
    this.set(target, object)
    return target
  }

  /** The object as this update leaves it. */
  current(object: PdfObject | undefined): PdfObject {
    if (!is(object, 'reference')) return object ?? null
    const changed = this.#objects.get(object.number)
    return changed ? changed.object : this.#document.resolve(object)
  }

  /** Changes the dictionary behind a reference. */
  amend(target: PdfReference, changes: Readonly<Record<string, PdfObject | undefined>>): void {
    const current = this.current(target)
    if (!is(current, 'dictionary'))
      throw new SigningError('pdf-unreadable', { reason: 'no dictionary', object: target.number })
    this.set(target, withEntries(current, changes))
  }

  /** The bytes to append to the file, and where in them each object begins. */
  write(): { readonly bytes: Buffer; readonly places: ReadonlyMap<number, number> } {
    const { source, base, encryption } = this.#document
    const last = source.read(source.length - 1, source.length)[0]
    const parts: Uint8Array[] = last === 10 || last === 13 ? [] : [Buffer.from('\n')]
    const start = source.length - base
    let offset = start + (parts[0]?.length ?? 0)
    const placed: Placed[] = []
    const hash = createHash('sha256')
    for (const [number, { generation, object }] of [...this.#objects].sort(([a], [b]) => a - b)) {
      const written = encryption ? encryption.encrypt({ number, generation }, object) : object
      const bytes = indirectObjectBytes(number, generation, written)
      placed.push({ number, generation, offset })
      parts.push(bytes)
      hash.update(bytes)
      offset += bytes.length
    }
    const trailer = this.#trailer(hash.digest().subarray(0, 16))
    const asStream = this.#document.sections[0]?.kind === 'stream'
    if (!asStream && offset > MAXIMUM_TABLE_OFFSET)
      throw new SigningError('pdf-unreadable', { reason: 'file too long for a cross-reference table' })
    parts.push(asStream ? this.#streamSection(placed, offset, trailer) : tableSection(placed, trailer))
    parts.push(Buffer.from(`startxref\n${offset}\n%%EOF\n`))
    return { bytes: Buffer.concat(parts), places: new Map(placed.map(item => [item.number, item.offset - start])) }
  }

  /** The document's trailer entries with /Prev to the last section and the second half of /ID renewed (ISO 32000-1 §14.4). */
  #trailer(fingerprint: Uint8Array): PdfDictionary {
    const { trailer, sections, identifier } = this.#document
    const first = identifier ?? fingerprint
    const removed = Object.fromEntries(SECTION_ENTRIES.map(key => [key, undefined]))
    return withEntries(trailer, {
      ...removed,
      Size: this.#nextNumber,
      Prev: sections[0]?.offset ?? 0,
      ID: array([string(first, true), string(fingerprint, true)]),
    })
  }

  #streamSection(placed: readonly Placed[], offset: number, trailer: PdfDictionary): Uint8Array {
    const own = this.reserve()
    const all = [...placed, { number: own.number, generation: 0, offset }]
    const rows = Buffer.alloc(all.length * 9)
    for (const [row, { generation, offset: place }] of all.entries()) {
      rows.writeUInt8(1, row * 9)
      rows.writeUIntBE(place, row * 9 + 1, 6)
      rows.writeUInt16BE(generation, row * 9 + 7)
    }
    const data = deflateSync(rows)
    const dictionary = withEntries(trailer, {
      Type: name('XRef'),
      Size: this.#nextNumber,
      W: array([1, 6, 2]),
      Index: array(subsections(all).flatMap(run => [run[0]?.number ?? 0, run.length])),
      Filter: name('FlateDecode'),
      Length: data.length,
    })
    return indirectObjectBytes(own.number, 0, { kind: 'stream', dictionary, data: new MemorySource(data) })
  }
}

function tableSection(placed: readonly Placed[], trailer: PdfDictionary): Uint8Array {
  let text = 'xref\n'
  for (const run of subsections(placed)) {
    text += `${run[0]?.number ?? 0} ${run.length}\n`
    for (const { offset, generation } of run) {
      text += `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n\r\n`
    }
  }
  return Buffer.from(`${text}trailer\n${objectToken(trailer)}\n`, 'latin1')
}

/** Runs of consecutive object numbers. */
function subsections(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const runs: Placed[][] = []
  for (const item of placed) {
    const run = runs.at(-1)
    if (run && run.at(-1)?.number === item.number - 1) run.push(item)
    else runs.push([item])
  }
  return runs
}
