import { sameBytes } from '../bytes.ts'
import { is, type PdfArray, type PdfDictionary, type PdfObject } from './objects.ts'
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

/** Boxes and matrices: reals are as good as integers there, also in a stream's dictionary. */
const MEASURES: ReadonlySet<string> = new Set(['BBox', 'Matrix'])

const isNumber = (object: PdfObject): boolean => typeof object === 'number'

/** Whether numbers that were integers are integers still. Where only numbers stand, as in a rectangle, any will do, except in a stream's dictionary. */
function keepsIntegers(older: PdfArray, newer: PdfArray, inStream: boolean): boolean {
  if (!newer.wholeReals || (!inStream && newer.items.every(isNumber))) return true
  return [...newer.wholeReals].every(place => older.wholeReals?.has(place))
}

/** Whether an entry says the same in both: an integer that became a real, as /BitsPerComponent 8.0, does not to every reader. */
export function equalEntries(older: PdfDictionary, newer: PdfDictionary, key: string, inStream = false): boolean {
  if (newer.wholeReals?.has(key) && !older.wholeReals?.has(key)) return false
  return equalObjects(older.entries.get(key), newer.entries.get(key), inStream && !MEASURES.has(key))
}

/**
 * Whether two objects mean the same as they stand: references are compared, not followed; the order of dictionary keys is no matter.
 * @param one the older, whose integers the other must keep
 * @param inStream whether they stand in a stream's dictionary
 */
export function equalObjects(one: PdfObject | undefined, other: PdfObject | undefined, inStream = false): boolean {
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
        keepsIntegers(one, other, inStream) &&
        one.items.every((item, index) => equalObjects(item, other.items[index], inStream))
      )
    case 'dictionary':
      return (
        is(other, 'dictionary') &&
        one.entries.size === other.entries.size &&
        [...one.entries.keys()].every(key => equalEntries(one, other, key, inStream))
      )
    case 'stream':
      return (
        is(other, 'stream') && equalObjects(one.dictionary, other.dictionary, true) && sameData(one.data, other.data)
      )
  }
}
