/** Tag bytes of the ASN.1 types that certificates, CMS, revocation lists and OCSP use (X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** [n] over a primitive type, IMPLICIT. */
export const primitive = (number: number): number => 0x80 | number
/** [n] over a constructed type, or EXPLICIT. */
export const constructed = (number: number): number => 0xa0 | number

/** Bytes that are not the DER they should be. */
export class DerError extends Error {
  constructor(reason: string) {
    super(`malformed DER: ${reason}`)
    this.name = 'DerError'
  }
}

/** How deep BER may be nested: a hostile file would only try our stack. */
const MAXIMUM_DEPTH = 64
/** The longest in use have some twenty; long numbers take time with the square of their length. */
const MAXIMUM_IDENTIFIER_BYTES = 128
/** Nesting of an element whose bytes have to be DER, where it is no matter. */
const STRICT = -1

/**
 * One element: tag, whole encoding, content. Strict DER (X.690 §10) unless it was read by `readBer`: what is signed must have one reading
 * only. CMS of other programs may be BER (RFC 5652 §10), so that one is read with indefinite and needlessly long lengths, strings in
 * pieces, and times as X.680 has them.
 */
export class DerElement {
  readonly tag: number
  readonly bytes: Uint8Array
  readonly content: Uint8Array
  readonly #depth: number

  constructor(tag: number, bytes: Uint8Array, content: Uint8Array, depth: number) {
    this.tag = tag
    this.bytes = bytes
    this.content = content
    this.#depth = depth
  }

  get #strict(): boolean {
    return this.#depth === STRICT
  }

  /** BER's indefinite length: the encoding is not DER. */
  get indefinite(): boolean {
    return this.bytes[1] === 0x80
  }

  expect(tag: number): this {
    if (this.tag !== tag) throw new DerError(`tag ${this.tag.toString(16)} instead of ${tag.toString(16)}`)
    return this
  }

  /** A reader over the parts of a constructed element. */
  reader(tag: number = TAG.sequence): DerReader {
    this.expect(tag)
    if ((tag & 0x20) === 0) throw new DerError('primitive where parts are expected')
    return new DerReader(this.content, this.#strict ? STRICT : this.#depth + 1)
  }

  /** The parts of a constructed element, in order; of whatever tag it is. */
  get children(): readonly DerElement[] {
    return this.reader(this.tag).rest
  }

  /** SEQUENCE OF / SET OF: every part mapped, at least one. */
  list<T>(read: (part: DerElement) => T, tag: number = TAG.sequence): readonly T[] {
    const reader = this.reader(tag)
    const parts: T[] = []
    do parts.push(read(reader.next()))
    while (reader.more)
    return parts
  }

  /** The one element inside an EXPLICIT tag. */
  inner(tag: number): DerElement {
    const reader = this.reader(tag)
    const element = reader.next()
    reader.end()
    return element
  }

  get boolean(): boolean {
    const [value] = this.content
    if (this.content.length !== 1 || (this.#strict && value !== 0 && value !== 0xff)) throw new DerError('no boolean')
    return value !== 0
  }

  /** An INTEGER of any size. */
  get bigInteger(): bigint {
    if (this.content.length === 0) throw new DerError('empty number')
    const value = BigInt(`0x${Buffer.from(this.content).toString('hex')}`)
    return (this.content[0] ?? 0) & 0x80 ? value - (1n << BigInt(this.content.length * 8)) : value
  }

  /** A non-negative INTEGER or ENUMERATED that fits a number. */
  get smallInteger(): number {
    const [first = 0, second = 0] = this.content
    const shortest = !this.#strict || this.content.length < 2 || first !== 0 || second >= 0x80
    if (this.content.length === 0 || this.content.length > 6 || first >= 0x80 || !shortest)
      throw new DerError('number out of range')
    return this.content.reduce((sum, byte) => sum * 256 + byte, 0)
  }

  /**
   * INTEGER as a key for comparing: hex of the value's shortest encoding. Serial numbers with needless zeros or a sign occur in the wild
   * and have to be matched, so they are not refused (RFC 5280 §4.1.2.2).
   */
  get integerKey(): string {
    let at = 0
    const { content } = this
    if (content.length === 0) throw new DerError('empty number')
    while (at < content.length - 1) {
      const next = content[at + 1] ?? 0
      if ((content[at] === 0 && next < 0x80) || (content[at] === 0xff && next >= 0x80)) at++
      else break
    }
    return Buffer.from(content.subarray(at)).toString('hex')
  }

  get objectIdentifier(): string {
    const last = this.content.at(-1)
    if (this.content.length > MAXIMUM_IDENTIFIER_BYTES) throw new DerError('object identifier too long')
    if (last === undefined || last & 0x80) throw new DerError('object identifier cut off')
    const arcs: string[] = []
    let value = 0
    let large: bigint | null = null
    let fresh = true
    for (const byte of this.content) {
      if (fresh && byte === 0x80) throw new DerError('object identifier padded')
      // numbers as far as they reach: object identifiers are read by the thousand
      if (large === null && value >= 2 ** 45) large = BigInt(value)
      if (large === null) value = value * 128 + (byte & 0x7f)
      else large = (large << 7n) | BigInt(byte & 0x7f)
      fresh = (byte & 0x80) === 0
      if (!fresh) continue
      if (arcs.length === 0) {
        const root = large !== null || value >= 80 ? 2 : value >= 40 ? 1 : 0
        arcs.push(String(root), String(large === null ? value - root * 40 : large - 80n))
      } else arcs.push(String(large ?? value))
      value = 0
      large = null
    }
    return arcs.join('.')
  }

  /** Content of an OCTET STRING, put together where BER cut it in pieces. */
  get octets(): Uint8Array {
    if ((this.tag & 0x20) === 0) return this.content
    if (this.#strict) throw new DerError('string in pieces')
    return Buffer.concat(this.children.map(child => child.octets))
  }

  /** Bytes of a BIT STRING whose bits fill whole bytes. */
  get bitStringBytes(): Uint8Array {
    if (this.content[0] !== 0) throw new DerError('bits do not fill bytes')
    return this.content.subarray(1)
  }

  /** Numbers of the bits that are set in a NamedBitList. */
  get namedBits(): ReadonlySet<number> {
    const unused = this.content[0]
    if (unused === undefined || unused > 7 || (unused > 0 && this.content.length === 1))
      throw new DerError('no bit string')
    const bits = new Set<number>()
    const count = (this.content.length - 1) * 8 - unused
    for (let bit = 0; bit < count; bit++) if ((this.content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) bits.add(bit)
    return bits
  }

  /** UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5: seconds present, no fraction, Zulu. In BER fractions too (RFC 3161 §2.4.2). */
  get time(): Date {
    return this.#strict ? this.#certificateTime() : looseTime(this)
  }

  #certificateTime(): Date {
    const { content } = this
    const yearDigits = this.tag === TAG.utcTime ? 2 : this.tag === TAG.generalizedTime ? 4 : 0
    if (yearDigits === 0 || content.length !== yearDigits + 11 || content.at(-1) !== 0x5a) throw new DerError('no time')
    const digits = digitsOf(content, 0, yearDigits)
    const year = yearDigits === 4 ? digits : digits + (digits < 50 ? 2000 : 1900)
    const month = digitsOf(content, yearDigits, 2)
    const day = digitsOf(content, yearDigits + 2, 2)
    const hour = digitsOf(content, yearDigits + 4, 2)
    const minute = digitsOf(content, yearDigits + 6, 2)
    const second = digitsOf(content, yearDigits + 8, 2)
    const time = new Date(0)
    time.setUTCFullYear(year, month - 1, day)
    time.setUTCHours(hour, minute, second)
    // a 30th of February or a 25th hour would roll over silently
    const rolled = time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day || minute > 59 || second > 59
    if (rolled || hour > 23) throw new DerError('no such time')
    return time
  }

  /** IA5String or an IMPLICIT one. */
  get ascii(): string {
    if (this.content.some(byte => byte >= 0x80)) throw new DerError('no ASCII')
    return Buffer.from(this.content).toString('latin1')
  }
}

/** A time with or without seconds and their fraction, of which milliseconds are kept. */
function looseTime({ tag, content }: DerElement): Date {
  const text = Buffer.from(content).toString('latin1')
  const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(\.\d+)?Z$/.exec(text)
  const yearDigits = tag === TAG.utcTime ? 2 : tag === TAG.generalizedTime ? 4 : 0
  if (!match || match[1]?.length !== yearDigits) throw new DerError('no time')
  const [, digits, month, day, hour, minute, second = '00', fraction = ''] = match
  const year = yearDigits === 4 ? digits : `${Number(digits) < 50 ? '20' : '19'}${digits}`
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(time.getTime()) || time.getUTCDate() !== Number(day)) throw new DerError('no such time')
  return time
}

/** Decimal digits as a number. */
function digitsOf(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = at; index < at + count; index++) {
    const digit = (bytes[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) throw new DerError('no digit')
    value = value * 10 + digit
  }
  return value
}

/** Takes elements one after another. */
export class DerReader {
  readonly #bytes: Uint8Array
  readonly #depth: number
  #at = 0

  /** @param depth nesting so far where BER is read; DER when left out */
  constructor(bytes: Uint8Array, depth: number = STRICT) {
    if (depth > MAXIMUM_DEPTH) throw new DerError('nested too deeply')
    this.#bytes = bytes
    this.#depth = depth
  }

  get more(): boolean {
    return this.#at < this.#bytes.length
  }

  /** The next element, of one of the tags when any are given. */
  next(...tags: readonly number[]): DerElement {
    const bytes = this.#bytes
    const start = this.#at
    const tag = bytes[start]
    const first = bytes[start + 1]
    if (tag === undefined || first === undefined) throw new DerError('unexpected end')
    if ((tag & 0x1f) === 0x1f) throw new DerError('long tag')
    let content = start + 2
    let length = first
    let after = 0
    if (first === 0x80 && this.#depth !== STRICT) {
      length = this.#indefiniteLength(tag, content)
      after = 2
    } else if (first >= 0x80) {
      const count = first & 0x7f
      if (count === 0 || count > 4) throw new DerError('length')
      length = 0
      for (let index = 0; index < count; index++) length = length * 256 + (bytes[content + index] ?? 0)
      content += count
      const shortest = length >= 0x80 && length >= 2 ** (8 * (count - 1))
      if (!shortest && this.#depth === STRICT) throw new DerError('length not the shortest')
    }
    const end = content + length
    if (end + after > bytes.length) throw new DerError('longer than its bytes')
    if (tags.length > 0 && !tags.includes(tag)) throw new DerError(`unexpected tag ${tag.toString(16)}`)
    this.#at = end + after
    return new DerElement(tag, bytes.subarray(start, end + after), bytes.subarray(content, end), this.#depth)
  }

  /** Length of a content that ends with two zero bytes (X.690 §8.1.3.6). */
  #indefiniteLength(tag: number, content: number): number {
    if ((tag & 0x20) === 0) throw new DerError('indefinite length of a primitive')
    const inside = new DerReader(this.#bytes.subarray(content), this.#depth + 1)
    while (inside.#bytes[inside.#at] !== 0 || inside.#bytes[inside.#at + 1] !== 0) inside.next()
    return inside.#at
  }

  /** The next element when it has one of the tags. */
  optional(...tags: readonly number[]): DerElement | null {
    const tag = this.#bytes[this.#at]
    return tag !== undefined && tags.includes(tag) ? this.next() : null
  }

  /** All elements that are left. */
  get rest(): readonly DerElement[] {
    const elements: DerElement[] = []
    while (this.more) elements.push(this.next())
    return elements
  }

  /** Nothing may follow. */
  end(): void {
    if (this.more) throw new DerError('trailing bytes')
  }
}

// parts of a plain array are made much faster than those of a Buffer
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function only(reader: DerReader): DerElement {
  const element = reader.next()
  reader.end()
  return element
}

/** The only element of `bytes`, in DER. @throws DerError */
export const readDer = (bytes: Uint8Array): DerElement => only(new DerReader(plain(bytes)))

/** The only element of `bytes`, which may be BER. @throws DerError */
export const readBer = (bytes: Uint8Array): DerElement => only(new DerReader(plain(bytes), 0))

/** The element at the start of `bytes`, which may be BER; anything may follow. @throws DerError */
export const readFirstBer = (bytes: Uint8Array): DerElement => new DerReader(plain(bytes), 0).next()

export { sameBytes } from '../bytes.ts'
