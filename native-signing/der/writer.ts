/** DER writing, as far as CMS, certificates, revocation lists and time-stamps need it (X.690 §8–11). */

import { constructed, primitive, TAG } from './reader.ts'

/** One element: tag, length, and the parts one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const lengthBytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256)
  return Buffer.concat([Buffer.from([tag, 0x80 | lengthBytes.length, ...lengthBytes]), content])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(TAG.sequence, ...parts)

/** SET OF: DER orders the members by their encoding (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): Buffer => element(TAG.set, ...parts.toSorted(Buffer.compare))

export const explicit = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  element(constructed(number), ...parts)
export const implicit = (number: number, content: Uint8Array): Buffer => element(primitive(number), content)
export const octetString = (content: Uint8Array): Buffer => element(TAG.octetString, content)
export const utf8String = (text: string): Buffer => element(TAG.utf8String, Buffer.from(text.normalize('NFC'), 'utf8'))
export const printableString = (text: string): Buffer => element(TAG.printableString, Buffer.from(text, 'latin1'))
export const ia5String = (text: string): Buffer => element(TAG.ia5String, Buffer.from(text, 'latin1'))
export const nothing: Buffer = element(TAG.null)
export const yes: Buffer = element(TAG.boolean, Buffer.from([0xff]))

/** An integer that is not negative, from a number or from its big-endian bytes. */
export function integer(value: number | Uint8Array): Buffer {
  const hex = typeof value === 'number' ? value.toString(16) : Buffer.from(value).toString('hex')
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  const start = bytes.findIndex(byte => byte !== 0)
  const shortest = start < 0 ? Buffer.from([0]) : bytes.subarray(start)
  return element(TAG.integer, (shortest[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest)
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) group.unshift(0x80 | (left % 128))
    bytes.push(...group)
  }
  return element(TAG.objectIdentifier, Buffer.from(bytes))
}

export const bitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  element(TAG.bitString, Buffer.from([unusedBits]), content)

/** Named bits (KeyUsage, PKIFailureInfo): trailing zero bits are left out (X.690 §11.2.2). */
export function namedBits(...bits: readonly number[]): Buffer {
  const highest = Math.max(...bits)
  const bytes = Buffer.alloc(Math.floor(highest / 8) + 1)
  for (const bit of bits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) | (0x80 >> (bit & 7)), bit >> 3)
  return bitString(bytes, 7 - (highest % 8))
}

const digits = (time: Date): string => time.toISOString().replace(/[-:T]|\.\d+Z$/g, '')
export const generalizedTime = (time: Date): Buffer => element(TAG.generalizedTime, Buffer.from(`${digits(time)}Z`))

/** Time as certificates have it: UTCTime up to 2049, then GeneralizedTime (RFC 5280 §4.1.2.5). Whole seconds. */
export const certificateTime = (time: Date): Buffer =>
  time.getUTCFullYear() < 2050 ? element(TAG.utcTime, Buffer.from(`${digits(time).slice(2)}Z`)) : generalizedTime(time)
