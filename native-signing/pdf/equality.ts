import { sameBytes } from '../bytes.ts'
import { is, type PdfObject } from './objects.ts'
import type { ByteSource } from './source.ts'

const CHUNK_BYTES = 65_536

function sameData(one: ByteSource, other: ByteSource): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += CHUNK_BYTES) {
    const end = Math.min(at + CHUNK_BYTES, one.length)
    if (!sameBytes(one.read(at, end), other.read(at, end))) return false
  }
  return true
}

/** Whether a key stands twice in it, so that readers disagree what it says; references are not followed. */
export function isAmbiguous(object: PdfObject | undefined): boolean {
  if (is(object, 'array')) return object.items.some(isAmbiguous)
  if (is(object, 'stream')) return isAmbiguous(object.dictionary)
  return is(object, 'dictionary') && (object.duplicateKeys || [...object.entries.values()].some(isAmbiguous))
}

/** Whether two objects mean the same as they stand: references are compared, not followed; the order of dictionary keys is no matter. */
export function equalObjects(one: PdfObject | undefined, other: PdfObject | undefined): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  switch (one.kind) {
    case 'name':
      return is(other, 'name') && one.name === other.name
    case 'string':
      return is(other, 'string') && sameBytes(one.bytes, other.bytes)
    case 'reference':
      return is(other, 'reference') && one.number === other.number && one.generation === other.generation
    case 'array':
      return (
        is(other, 'array') &&
        one.items.length === other.items.length &&
        one.items.every((item, index) => equalObjects(item, other.items[index]))
      )
    case 'dictionary':
      return (
        is(other, 'dictionary') &&
        one.entries.size === other.entries.size &&
        [...one.entries].every(([key, value]) => equalObjects(value, other.entries.get(key)))
      )
    case 'stream':
      return is(other, 'stream') && equalObjects(one.dictionary, other.dictionary) && sameData(one.data, other.data)
  }
}
