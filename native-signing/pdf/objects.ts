import type { ByteSource } from './source.ts'

/** Place of a token in the file, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** `name` is one character per byte (Latin-1), `#xx` escapes already undone. */
export interface PdfName {
  readonly kind: 'name'
  readonly name: string
}

export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Uint8Array
  readonly hexadecimal: boolean
  /** Where its token stands, delimiters included; null for strings that were made or came out of an object stream. */
  readonly span: Span | null
}

export interface PdfReference {
  readonly kind: 'reference'
  readonly number: number
  readonly generation: number
}

export interface PdfArray {
  readonly kind: 'array'
  readonly items: readonly PdfObject[]
  /** Places of whole numbers that are written as reals, as 8.0: no integers to some readers. Left out where there are none. */
  readonly wholeReals?: ReadonlySet<number>
}

export interface PdfDictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, PdfObject>
  /** Keys of whole numbers that are written as reals. Left out where there are none. */
  readonly wholeReals?: ReadonlySet<string>
  /** A key stood twice in the file: harmless in itself, but readers disagree which one counts. */
  readonly duplicateKeys: boolean
}

/** `data` is the encoded content, read only when somebody asks. */
export interface PdfStream {
  readonly kind: 'stream'
  readonly dictionary: PdfDictionary
  readonly data: ByteSource
  /** Its /Length does not lead to its end: readers disagree how long it is. */
  readonly lengthIsWrong?: boolean
}

/** The objects of ISO 32000-1 §7.3. null, booleans and numbers are JavaScript's own. */
export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | PdfArray
  | PdfDictionary
  | PdfStream

export function name(value: string): PdfName {
  return { kind: 'name', name: value }
}

export function reference(number: number, generation = 0): PdfReference {
  return { kind: 'reference', number, generation }
}

export function array(items: readonly PdfObject[]): PdfArray {
  return { kind: 'array', items }
}

export function dictionary(entries: Readonly<Record<string, PdfObject>>): PdfDictionary {
  return { kind: 'dictionary', entries: new Map(Object.entries(entries)), duplicateKeys: false }
}

export function string(bytes: Uint8Array, hexadecimal = false): PdfString {
  return { kind: 'string', bytes, hexadecimal, span: null }
}

/** A text string (ISO 32000-1 §7.9.2.2): plain bytes for ASCII, else UTF-16BE with byte order mark, so every Vietnamese letter is kept. */
export function textString(text: string): PdfString {
  if (/^[\x20-\x7e]*$/.test(text)) return string(Buffer.from(text, 'latin1'))
  return string(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]))
}

/** Reads a text string: UTF-16BE or UTF-8 by its mark, else as PDFDocEncoding (Latin-1 is near enough for showing a name). */
export function decodeText(value: PdfString): string {
  const { bytes } = value
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3))
  return Buffer.from(bytes).toString('latin1')
}

/** A date string in UTC (ISO 32000-1 §7.9.4). */
export function dateString(date: Date): PdfString {
  const digits = date.toISOString().replace(/\D/g, '').slice(0, 14)
  return textString(`D:${digits}Z`)
}

/** Reads a date string; null when it is none. */
export function decodeDate(value: PdfString): Date | null {
  const match = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?/.exec(decodeText(value))
  if (!match) return null
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, offsetHour, offsetMinute] =
    match
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(local)) return null
  const offset = sign ? (Number(offsetHour) * 60 + Number(offsetMinute ?? 0)) * 60_000 : 0
  return new Date(sign === '-' ? local + offset : local - offset)
}

/** The dictionary with some entries set; `undefined` takes an entry away. */
export function withEntries(
  original: PdfDictionary,
  changes: Readonly<Record<string, PdfObject | undefined>>,
): PdfDictionary {
  const entries = new Map(original.entries)
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) entries.delete(key)
    else entries.set(key, value)
  }
  return { kind: 'dictionary', entries, duplicateKeys: false }
}

type Kind = 'name' | 'string' | 'reference' | 'array' | 'dictionary' | 'stream'
type OfKind<K extends Kind> = Extract<PdfObject, { readonly kind: K }>

/** Narrows an object to one kind. */
export function is<K extends Kind>(object: PdfObject | undefined, kind: K): object is OfKind<K> {
  return typeof object === 'object' && object !== null && object.kind === kind
}

export function isName(object: PdfObject | undefined, value: string): boolean {
  return is(object, 'name') && object.name === value
}

/** Calls `visit` for each reference inside `object`, without following any. */
export function forEachReference(object: PdfObject, visit: (reference: PdfReference) => void): void {
  if (is(object, 'reference')) visit(object)
  else if (is(object, 'array')) for (const item of object.items) forEachReference(item, visit)
  else if (is(object, 'dictionary')) for (const value of object.entries.values()) forEachReference(value, visit)
  else if (is(object, 'stream')) forEachReference(object.dictionary, visit)
}
