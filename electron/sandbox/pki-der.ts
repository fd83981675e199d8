/** DER writing, as far as certificates, revocation lists and time-stamp tokens need it (X.690 §8–11). */

/** One element: tag, length, and the parts one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const lengthBytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256)
  return Buffer.concat([Buffer.from([tag, 0x80 | lengthBytes.length, ...lengthBytes]), content])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts)

/** SET OF: DER orders the members by their encoding (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts.toSorted(Buffer.compare))

export const explicit = (number: number, ...parts: readonly Uint8Array[]): Buffer => element(0xa0 | number, ...parts)
export const implicit = (number: number, content: Uint8Array): Buffer => element(0x80 | number, content)
export const octetString = (content: Uint8Array): Buffer => element(0x04, content)
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text.normalize('NFC'), 'utf8'))
export const printableString = (text: string): Buffer => element(0x13, Buffer.from(text, 'latin1'))
export const ia5String = (text: string): Buffer => element(0x16, Buffer.from(text, 'latin1'))
export const nothing: Buffer = element(0x05)
export const yes: Buffer = element(0x01, Buffer.from([0xff]))

/** An integer that is not negative, from a number or from its big-endian bytes. */
export function integer(value: number | Uint8Array): Buffer {
  const hex = typeof value === 'number' ? value.toString(16) : Buffer.from(value).toString('hex')
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  const start = bytes.findIndex(byte => byte !== 0)
  const shortest = start < 0 ? Buffer.from([0]) : bytes.subarray(start)
  return element(0x02, (shortest[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest)
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) group.unshift(0x80 | (left % 128))
    bytes.push(...group)
  }
  return element(0x06, Buffer.from(bytes))
}

export const bitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  element(0x03, Buffer.from([unusedBits]), content)

/** Named bits (KeyUsage, PKIFailureInfo): trailing zero bits are left out (X.690 §11.2.2). */
export function namedBits(...bits: readonly number[]): Buffer {
  const highest = Math.max(...bits)
  const bytes = Buffer.alloc(Math.floor(highest / 8) + 1)
  for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) | (0x80 >> (bit & 7)), bit >> 3)
  return bitString(bytes, 7 - (highest % 8))
}

const digits = (time: Date): string => time.toISOString().replace(/[-:T]|\.\d+Z$/g, '')
export const generalizedTime = (time: Date): Buffer => element(0x18, Buffer.from(`${digits(time)}Z`))

/** Time as certificates have it: UTCTime up to 2049, then GeneralizedTime (RFC 5280 §4.1.2.5). Whole seconds. */
export const certificateTime = (time: Date): Buffer =>
  time.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(`${digits(time).slice(2)}Z`)) : generalizedTime(time)

/** The elements inside an element; each with its head. For bytes that we wrote ourselves or that a parser has already accepted. */
export function children(parent: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(parent)
  const found: Buffer[] = []
  for (let at = contentStart(bytes, 0); at < bytes.length; ) {
    const start = contentStart(bytes, at)
    const end = start + contentLength(bytes, at)
    found.push(bytes.subarray(at, end))
    at = end
  }
  return found
}

function contentStart(bytes: Buffer, at: number): number {
  const length = bytes.readUInt8(at + 1)
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f)
}

function contentLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt8(at + 1)
  return length < 0x80 ? length : bytes.readUIntBE(at + 2, length & 0x7f)
}
