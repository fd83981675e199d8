/** Tag bytes of ASN.1 types used here (X.690). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Context-specific tags: [n] IMPLICIT over a primitive or constructed type, [n] EXPLICIT. */
export const primitive = (number: number): number => 0x80 | number
export const constructed = (number: number): number => 0xa0 | number

/** Bytes that are not the ASN.1 they should be. Callers turn it into their own subject's error. */
export class MalformedAsn1 extends Error {
  constructor(reason: string) {
    super(`malformed ASN.1: ${reason}`)
    this.name = 'MalformedAsn1'
  }
}

const MAXIMUM_DEPTH = 64

/** One element: its tag, the whole encoding and the content. Constructed indefinite lengths (BER) are read as well. */
export class Asn1Element {
  readonly tag: number
  readonly bytes: Uint8Array
  readonly content: Uint8Array
  /** BER's indefinite length: the encoding is not DER. */
  readonly indefinite: boolean
  readonly #depth: number

  private constructor(tag: number, bytes: Uint8Array, content: Uint8Array, indefinite: boolean, depth: number) {
    this.tag = tag
    this.bytes = bytes
    this.content = content
    this.indefinite = indefinite
    this.#depth = depth
  }

  /** The element at the start of `bytes`; more may follow. */
  static readFirst(bytes: Uint8Array, depth = 0): Asn1Element {
    if (depth > MAXIMUM_DEPTH) throw new MalformedAsn1('nested too deeply')
    const [tag, first] = bytes
    if (tag === undefined || first === undefined) throw new MalformedAsn1('unexpected end')
    if ((tag & 0x1f) === 0x1f) throw new MalformedAsn1('long tag')
    if (first === 0x80) {
      if ((tag & 0x20) === 0) throw new MalformedAsn1('indefinite length of a primitive')
      let at = 2
      while (bytes[at] !== 0 || bytes[at + 1] !== 0)
        at += Asn1Element.readFirst(bytes.subarray(at), depth + 1).bytes.length
      return new Asn1Element(tag, bytes.subarray(0, at + 2), bytes.subarray(2, at), true, depth)
    }
    let header = 2
    let length = first
    if (first > 0x80) {
      const count = first & 0x7f
      if (count > 4) throw new MalformedAsn1('length too long')
      length = 0
      for (let index = 0; index < count; index++) length = length * 256 + (bytes[2 + index] ?? 0)
      header += count
    }
    if (header + length > bytes.length) throw new MalformedAsn1('longer than its bytes')
    return new Asn1Element(
      tag,
      bytes.subarray(0, header + length),
      bytes.subarray(header, header + length),
      false,
      depth,
    )
  }

  /** The only element of `bytes`. */
  static read(bytes: Uint8Array): Asn1Element {
    const element = Asn1Element.readFirst(bytes)
    if (element.bytes.length !== bytes.length) throw new MalformedAsn1('trailing bytes')
    return element
  }

  /** The elements inside, in order. */
  get children(): readonly Asn1Element[] {
    if ((this.tag & 0x20) === 0) throw new MalformedAsn1('primitive where parts are expected')
    const children: Asn1Element[] = []
    for (let at = 0; at < this.content.length; ) {
      const child = Asn1Element.readFirst(this.content.subarray(at), this.#depth + 1)
      children.push(child)
      at += child.bytes.length
    }
    return children
  }

  /** A reader over the children, for a SEQUENCE with optional parts. */
  parts(tag: number = TAG.sequence): Parts {
    this.expect(tag)
    return new Parts(this.children)
  }

  expect(tag: number): this {
    if (this.tag !== tag) throw new MalformedAsn1(`tag ${this.tag.toString(16)} where ${tag.toString(16)} is expected`)
    return this
  }

  /** Content of an OCTET STRING, put together where BER cut it in pieces. */
  get octets(): Uint8Array {
    if (this.tag & 0x20) return Buffer.concat(this.children.map(child => child.octets))
    return this.content
  }

  get objectIdentifier(): string {
    this.expect(TAG.objectIdentifier)
    const arcs: number[] = []
    let value = 0
    for (const byte of this.content) {
      value = value * 128 + (byte & 0x7f)
      if (value > Number.MAX_SAFE_INTEGER / 128) throw new MalformedAsn1('object identifier too large')
      if (byte & 0x80) continue
      if (arcs.length === 0) {
        const root = Math.min(2, Math.floor(value / 40))
        arcs.push(root, value - root * 40)
      } else arcs.push(value)
      value = 0
    }
    return arcs.join('.')
  }

  /** A small non-negative INTEGER or ENUMERATED. */
  get smallInteger(): number {
    if (this.content.length === 0 || this.content.length > 6) throw new MalformedAsn1('number out of range')
    const value = this.content.reduce((sum, byte) => sum * 256 + byte, 0)
    if ((this.content[0] ?? 0) & 0x80) throw new MalformedAsn1('negative number')
    return value
  }

  get boolean(): boolean {
    return this.expect(TAG.boolean).content.some(byte => byte !== 0)
  }

  /** Content of a BIT STRING whose bits fill whole bytes. */
  get bits(): Uint8Array {
    this.expect(TAG.bitString)
    return this.content.subarray(1)
  }

  /** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5), fractions of a second included. */
  get time(): Date {
    const text = Buffer.from(this.content).toString('latin1')
    const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(\.\d+)?Z$/.exec(text)
    const yearDigits = this.tag === TAG.utcTime ? 2 : this.tag === TAG.generalizedTime ? 4 : 0
    if (!match || match[1]?.length !== yearDigits) throw new MalformedAsn1('no time')
    const [, digits, month, day, hour, minute, second = '00', fraction = ''] = match
    const year = yearDigits === 4 ? digits : `${Number(digits) < 50 ? '20' : '19'}${digits}`
    const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
    if (Number.isNaN(time.getTime())) throw new MalformedAsn1('no time')
    return time
  }
}

/** Takes the children of an element one after another. */
export class Parts {
  readonly #children: readonly Asn1Element[]
  #index = 0

  constructor(children: readonly Asn1Element[]) {
    this.#children = children
  }

  /** The next child, of whatever tag. */
  any(): Asn1Element {
    const child = this.#children[this.#index++]
    if (!child) throw new MalformedAsn1('part missing')
    return child
  }

  take(tag: number): Asn1Element {
    return this.any().expect(tag)
  }

  optional(...tags: readonly number[]): Asn1Element | null {
    const child = this.#children[this.#index]
    if (!child || !tags.includes(child.tag)) return null
    this.#index++
    return child
  }

  get rest(): readonly Asn1Element[] {
    return this.#children.slice(this.#index)
  }
}

/** One DER element. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 255]
          : [0x83, length >> 16, (length >> 8) & 255, length & 255]
  return Buffer.concat([Uint8Array.of(tag, ...size), ...contents])
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(TAG.sequence, ...parts)
export const octetString = (bytes: Uint8Array): Uint8Array => element(TAG.octetString, bytes)
export const derNull = (): Uint8Array => element(TAG.null)

/** SET OF in the order that DER asks for: by the bytes of the encodings (X.690 §11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...[...parts].sort(Buffer.compare))
}

/** A non-negative INTEGER. */
export function integer(value: number): Uint8Array {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex')
  return (bytes[0] ?? 0) & 0x80 ? element(TAG.integer, Uint8Array.of(0), bytes) : element(TAG.integer, bytes)
}

export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap(arc => {
    const groups = [arc & 0x7f]
    for (let value = Math.floor(arc / 128); value > 0; value = Math.floor(value / 128))
      groups.unshift((value & 0x7f) | 0x80)
    return groups
  })
  return element(TAG.objectIdentifier, Uint8Array.from(bytes))
}
