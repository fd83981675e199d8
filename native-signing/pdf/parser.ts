import { SigningError } from '../errors.ts'
import { is, type PdfDictionary, type PdfObject, type PdfReference } from './objects.ts'
import { type ByteSource, SourceSlice } from './source.ts'

/** Nesting that no honest file reaches; a deeper one would only try our stack. */
const MAXIMUM_DEPTH = 100
/** No string or name of a PDF is this long; a signature's /Contents neither. */
const MAXIMUM_TOKEN_BYTES = 32 * 1024 * 1024
/** No object of a PDF is this long, streams' data apart, and none has so many parts. */
const MAXIMUM_OBJECT_BYTES = 64 * 1024 * 1024
const MAXIMUM_VALUES = 1_000_000
const MAXIMUM_ENTRIES = 100_000
/** How far a stream with a wrong /Length is searched for its end. */
const ENDSTREAM_SEARCH_BYTES = 4 * 1024 * 1024
const ENDSTREAM_SEARCH_STEP = 64 * 1024

const WHITESPACE = 1
const DELIMITER = 2
/** Class of each byte (ISO 32000-1 §7.2.2); 0 is a regular character. */
const CLASS = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITESPACE
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER

/** Value of each hexadecimal digit, -1 for other bytes. */
const HEXADECIMAL = new Int8Array(256).fill(-1)
for (const [value, character] of [...'0123456789abcdef'].entries()) {
  HEXADECIMAL[character.charCodeAt(0)] = value
  HEXADECIMAL[character.toUpperCase().charCodeAt(0)] = value
}

function hexadecimalDigit(byte: number): number {
  return HEXADECIMAL[byte] ?? -1
}

const ESCAPES: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 }

export interface IndirectObject {
  readonly number: number
  readonly generation: number
  readonly object: PdfObject
}

/** Reads objects (ISO 32000-1 §7.2–7.3) from any place of a source. Every fault is pdf-unreadable with its offset. */
export class ObjectParser {
  readonly #source: ByteSource
  readonly #keepSpans: boolean
  #bytes: Uint8Array = new Uint8Array(0)
  #blockStart = 0
  #position: number
  /** Where this parser began, moved on by what it jumped over. */
  #start: number
  #values = 0
  #sawOddNumber = false
  #lastIsWholeReal = false

  /** @param keepSpans whether strings remember their place, which has a meaning only when `source` is the file itself */
  constructor(source: ByteSource, position = 0, keepSpans = true) {
    this.#source = source
    this.#position = position
    this.#start = position
    this.#keepSpans = keepSpans
  }

  get position(): number {
    return this.#position
  }

  set position(position: number) {
    this.#start += position - this.#position
    this.#position = position
  }

  /** Bytes looked at so far. */
  get work(): number {
    return this.#position - this.#start
  }

  /** A number stood there whose value readers do not agree on, as 1-2, --1 or a sign alone (ISO 32000-1 §7.3.3). */
  get sawOddNumber(): boolean {
    return this.#sawOddNumber
  }

  /** The object read last is a whole number written as a real. */
  get lastIsWholeReal(): boolean {
    return this.#lastIsWholeReal
  }

  fail(reason: string): never {
    throw new SigningError('pdf-unreadable', { reason, offset: this.#position })
  }

  /** The byte here, or -1 at the end. */
  #peek(): number {
    const index = this.#position - this.#blockStart
    const byte = index >= 0 ? this.#bytes[index] : undefined
    if (byte !== undefined) return byte
    if (this.#position >= this.#source.length) return -1
    if (this.work > MAXIMUM_OBJECT_BYTES) this.fail('object too long')
    const block = this.#source.block(this.#position)
    this.#bytes = block.bytes
    this.#blockStart = block.start
    return block.bytes[this.#position - block.start] ?? -1
  }

  #next(): number {
    const byte = this.#peek()
    if (byte >= 0) this.#position++
    return byte
  }

  skipWhitespace(): void {
    for (;;) {
      const byte = this.#peek()
      if (byte === 37) {
        // a comment runs to the end of its line
        for (let inside = byte; inside !== 10 && inside !== 13 && inside >= 0; inside = this.#peek()) this.#position++
      } else if (byte < 0 || CLASS[byte] !== WHITESPACE) return
      else this.#position++
    }
  }

  /** A run of regular characters, empty when a delimiter or the end stands here. */
  #regular(): string {
    let text = ''
    for (let byte = this.#peek(); byte >= 0 && CLASS[byte] === 0; byte = this.#peek()) {
      text += String.fromCharCode(byte)
      this.#position++
      if (text.length > 4096) this.fail('token too long')
    }
    return text
  }

  /** Takes `keyword` if it stands next. */
  takeKeyword(keyword: string): boolean {
    this.skipWhitespace()
    const before = this.#position
    for (let index = 0; index < keyword.length; index++) {
      if (this.#next() !== keyword.charCodeAt(index)) {
        this.#position = before
        return false
      }
    }
    const after = this.#peek()
    if (after >= 0 && CLASS[after] === 0) {
      this.#position = before
      return false
    }
    return true
  }

  /** A non-negative whole number if one stands next, else null and the position unchanged. */
  takeInteger(): number | null {
    this.skipWhitespace()
    const before = this.#position
    let value = 0
    let digits = 0
    for (let byte = this.#peek(); byte >= 48 && byte <= 57; byte = this.#peek()) {
      value = value * 10 + byte - 48
      this.#position++
      if (++digits > 15) break
    }
    const after = this.#peek()
    if (digits === 0 || digits > 15 || (after >= 0 && CLASS[after] === 0)) {
      this.#position = before
      return null
    }
    return value
  }

  readObject(depth = 0): PdfObject {
    if (depth > MAXIMUM_DEPTH) this.fail('nested too deeply')
    if (++this.#values > MAXIMUM_VALUES) this.fail('object of too many parts')
    this.skipWhitespace()
    this.#lastIsWholeReal = false
    const byte = this.#peek()
    switch (byte) {
      case -1:
        return this.fail('unexpected end')
      case 47:
        return { kind: 'name', name: this.#name() }
      case 40:
        return this.#literalString()
      case 91:
        return this.#array(depth)
      case 60: {
        const start = this.#position++
        if (this.#peek() === 60) {
          this.#position++
          return this.#dictionary(depth)
        }
        return this.#hexadecimalString(start)
      }
      default:
        return this.#numberOrKeyword()
    }
  }

  #name(): string {
    this.#position++
    let text = ''
    for (let byte = this.#peek(); byte >= 0 && CLASS[byte] === 0; byte = this.#peek()) {
      this.#position++
      if (byte === 35) {
        const before = this.#position
        const high = hexadecimalDigit(this.#next())
        const low = high < 0 ? -1 : hexadecimalDigit(this.#next())
        if (low >= 0) text += String.fromCharCode(high * 16 + low)
        else {
          this.#position = before
          text += '#'
        }
      } else text += String.fromCharCode(byte)
      if (text.length > 4096) this.fail('name too long')
    }
    return text
  }

  #literalString(): PdfObject {
    const start = this.#position++
    const bytes: number[] = []
    for (let open = 1; ; ) {
      let byte = this.#next()
      if (byte < 0) this.fail('string without end')
      if (byte === 40) open++
      else if (byte === 41 && --open === 0) break
      else if (byte === 92) {
        byte = this.#next()
        if (byte >= 48 && byte <= 55) {
          let value = byte - 48
          for (let count = 0; count < 2; count++) {
            const digit = this.#peek()
            if (digit < 48 || digit > 55) break
            value = value * 8 + digit - 48
            this.#position++
          }
          byte = value & 255
        } else if (byte === 13 || byte === 10) {
          if (byte === 13 && this.#peek() === 10) this.#position++
          continue
        } else byte = ESCAPES[byte] ?? byte
      } else if (byte === 13) {
        if (this.#peek() === 10) this.#position++
        byte = 10
      }
      if (byte < 0) this.fail('string without end')
      bytes.push(byte)
      if (bytes.length > MAXIMUM_TOKEN_BYTES) this.fail('string too long')
    }
    return { kind: 'string', bytes: Uint8Array.from(bytes), hexadecimal: false, span: this.#span(start) }
  }

  #hexadecimalString(start: number): PdfObject {
    const parts: Uint8Array[] = []
    // block by block: the /Contents of a signature is the longest token there is
    for (let end = -1; end < 0; ) {
      if (this.#peek() < 0) this.fail('string without end')
      const rest = this.#bytes.subarray(this.#position - this.#blockStart)
      end = rest.indexOf(62)
      const part = end < 0 ? rest : rest.subarray(0, end)
      parts.push(part)
      this.#position += part.length
      if (this.#position - start > 2 * MAXIMUM_TOKEN_BYTES) this.fail('string too long')
    }
    this.#position++
    const text = Buffer.concat(parts).toString('latin1')
    return { kind: 'string', bytes: this.#hexadecimalDigits(text), hexadecimal: true, span: this.#span(start) }
  }

  #hexadecimalDigits(text: string): Uint8Array {
    const bytes = Buffer.from(text, 'hex')
    // Node stops at the first character that is no digit
    if (bytes.length * 2 === text.length) return new Uint8Array(bytes)
    const digits = text.replaceAll(/[\0\t\n\f\r ]/g, '')
    if (!/^[\da-f]*$/i.test(digits)) this.fail('wrong hexadecimal digit')
    return new Uint8Array(Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex'))
  }

  #span(start: number) {
    return this.#keepSpans ? { start, end: this.#position } : null
  }

  #array(depth: number): PdfObject {
    this.#position++
    const items: PdfObject[] = []
    let wholeReals: Set<number> | null = null
    for (;;) {
      this.skipWhitespace()
      if (this.#peek() === 93) {
        this.#position++
        this.#lastIsWholeReal = false
        return wholeReals ? { kind: 'array', items, wholeReals } : { kind: 'array', items }
      }
      items.push(this.readObject(depth + 1))
      if (this.#lastIsWholeReal) wholeReals = (wholeReals ?? new Set()).add(items.length - 1)
    }
  }

  #dictionary(depth: number): PdfDictionary {
    const entries = new Map<string, PdfObject>()
    // keys without a value are rare
    let absent: Set<string> | null = null
    let wholeReals: Set<string> | null = null
    let duplicateKeys = false
    for (;;) {
      this.skipWhitespace()
      const byte = this.#peek()
      if (byte === 62) {
        this.#position++
        if (this.#next() !== 62) this.fail('dictionary without end')
        this.#lastIsWholeReal = false
        const read = { kind: 'dictionary', entries, duplicateKeys } as const
        return wholeReals ? { ...read, wholeReals } : read
      }
      if (byte !== 47) this.fail('dictionary key is no name')
      const key = this.#name()
      const value = this.readObject(depth + 1)
      if (this.#lastIsWholeReal) wholeReals = (wholeReals ?? new Set()).add(key)
      if (entries.has(key) || absent?.has(key)) duplicateKeys = true
      if (entries.size + (absent?.size ?? 0) > MAXIMUM_ENTRIES) this.fail('dictionary of too many entries')
      // an entry whose value is null is as good as absent (ISO 32000-1 §7.3.7)
      if (value !== null) entries.set(key, value)
      else absent = (absent ?? new Set()).add(key)
    }
  }

  #numberOrKeyword(): PdfObject {
    const number = this.takeInteger()
    if (number !== null) {
      const after = this.#position
      const generation = this.takeInteger()
      if (generation !== null && this.takeKeyword('R')) {
        if (number > 0x7fffffff || generation > 65535) this.fail('impossible reference')
        const found: PdfReference = { kind: 'reference', number, generation }
        return found
      }
      this.#position = after
      return number
    }
    const text = this.#regular()
    if (text === 'true') return true
    if (text === 'false') return false
    if (text === 'null') return null
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) this.#sawOddNumber = true
    if (/^[+-]*(\d+\.?\d*|\.\d+)(-\d*)?$/.test(text)) {
      const value = Number.parseFloat(text.replace(/^[+-]*-|^\++/, match => (match.includes('-') ? '-' : '')))
      this.#lastIsWholeReal = Number.isInteger(value) && text.includes('.')
      if (Number.isFinite(value)) return value
    }
    // some writers leave a lone sign or dot where zero is meant
    if (/^[+-]?\.?$/.test(text) && text.length > 0) return 0
    return this.fail('unknown word')
  }

  /**
   * Reads `n g obj … endobj` here.
   * @param resolveLength gives a stream's /Length when it is a reference
   */
  readIndirectObject(resolveLength: (reference: PdfReference) => PdfObject): IndirectObject {
    const number = this.takeInteger()
    const generation = number === null ? null : this.takeInteger()
    if (number === null || generation === null || !this.takeKeyword('obj')) return this.fail('no object here')
    const object = this.readObject()
    if (!is(object, 'dictionary') || !this.takeKeyword('stream')) return { number, generation, object }
    if (this.#peek() === 13) this.#position++
    if (this.#peek() === 10) this.#position++
    const start = this.#position
    const declared = object.entries.get('Length')
    const length = is(declared, 'reference') ? resolveLength(declared) : declared
    const declaredEnd = typeof length === 'number' ? this.#declaredEnd(start, length) : null
    const data = new SourceSlice(this.#source, start, declaredEnd ?? this.#searchStreamEnd(start))
    const stream = { kind: 'stream', dictionary: object, data, lengthIsWrong: declaredEnd === null } as const
    return { number, generation, object: stream }
  }

  #declaredEnd(start: number, length: number): number | null {
    const end = start + length
    if (Number.isInteger(length) && length >= 0 && end <= this.#source.length) {
      this.position = end
      if (this.takeKeyword('endstream')) return end
      this.position = start
    }
    return null
  }

  /** The data's end by its keyword, for files whose /Length is wrong. */
  #searchStreamEnd(start: number): number {
    const limit = Math.min(this.#source.length, start + ENDSTREAM_SEARCH_BYTES)
    let found = -1
    for (let from = start; found < 0; from += ENDSTREAM_SEARCH_STEP) {
      this.#position = Math.min(from, limit)
      if (from >= limit) return this.fail('stream without end')
      // the word may lie across two steps
      const step = this.#source.read(from, Math.min(limit, from + ENDSTREAM_SEARCH_STEP + 'endstream'.length))
      const at = Buffer.from(step.buffer, step.byteOffset, step.length).indexOf('endstream')
      if (at >= 0) found = from + at - start
    }
    this.#position = start + found + 'endstream'.length
    const tail = this.#source.read(Math.max(start, start + found - 2), start + found)
    const lineEnd = tail.at(-1) === 10 ? (tail.at(-2) === 13 ? 2 : 1) : tail.at(-1) === 13 ? 1 : 0
    return start + found - lineEnd
  }
}
