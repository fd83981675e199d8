import { SigningError } from '../errors.ts'
import { array, type PdfObject, type PdfReference, string } from '../pdf/objects.ts'
import type { IncrementalUpdate } from '../pdf/update.ts'

/** Ten digits for each number of /ByteRange: files up to 9.9 GB. */
const WIDEST_OFFSET = 9_999_999_999
const PLACEHOLDER = `[0 ${WIDEST_OFFSET} ${WIDEST_OFFSET} ${WIDEST_OFFSET}]`

export interface UpdateWithHole {
  readonly byteRange: readonly [number, number, number, number]
  /** The update with /ByteRange filled in and /Contents empty. */
  readonly bytes: Buffer
}

/** The entries of a signature dictionary that will be filled later. They come first, so that nothing the caller wrote can look like them. */
export function holeEntries(contentsBytes: number): Readonly<Record<'ByteRange' | 'Contents', PdfObject>> {
  return {
    ByteRange: array([0, WIDEST_OFFSET, WIDEST_OFFSET, WIDEST_OFFSET]),
    Contents: string(new Uint8Array(contentsBytes), true),
  }
}

/**
 * Writes an update that has one signature dictionary with `holeEntries` in it.
 * @param start length of the file before the update
 */
export function writeWithHole(
  update: IncrementalUpdate,
  signature: PdfReference,
  contentsBytes: number,
  start: number,
): UpdateWithHole {
  const { bytes, places } = update.write()
  const rangeAt = bytes.indexOf(PLACEHOLDER, places.get(signature.number))
  const contentsAt = bytes.indexOf('<0', rangeAt)
  const holeStart = start + contentsAt
  const holeEnd = holeStart + contentsBytes * 2 + 2
  const byteRange = [0, holeStart, holeEnd, start + bytes.length - holeEnd] as const
  bytes.write(`[${byteRange.join(' ')}]`.padEnd(PLACEHOLDER.length), rangeAt, 'latin1')
  return { byteRange, bytes }
}

/** What stands between the angle brackets: zeros to the end, as an earlier try may have left a longer one. @throws SigningError signature-too-large */
export function holeDigits(byteRange: UpdateWithHole['byteRange'], contents: Uint8Array): Buffer {
  const [, holeStart, holeEnd] = byteRange
  const room = (holeEnd - holeStart - 2) / 2
  if (contents.length > room) throw new SigningError('signature-too-large', { bytes: contents.length, room })
  const digits = Buffer.from(contents).toString('hex')
  return Buffer.from(digits.padEnd(room * 2, '0'), 'latin1')
}
