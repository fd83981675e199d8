import { constants, inflateSync } from 'node:zlib'
import { SigningError } from '../errors.ts'
import { is, isName, type PdfDictionary, type PdfObject, type PdfStream } from './objects.ts'

/** Largest stream that is read, encoded or decoded; a larger one is a decompression bomb. */
export const MAXIMUM_DECODED_BYTES = 64 * 1024 * 1024

function unreadable(reason: string, cause?: unknown): never {
  throw new SigningError('pdf-unreadable', { reason }, { cause })
}

function integer(dictionary: PdfDictionary | null, key: string, otherwise: number): number {
  const value = dictionary?.entries.get(key)
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1 << 24 ? value : otherwise
}

/** Undoes a PNG or TIFF predictor (ISO 32000-1 §7.4.4.4). */
export function unpredict(data: Uint8Array, parameters: PdfDictionary | null): Uint8Array {
  const predictor = integer(parameters, 'Predictor', 1)
  if (predictor === 1) return data
  const bitsPerPixel = integer(parameters, 'Colors', 1) * integer(parameters, 'BitsPerComponent', 8)
  const rowBytes = Math.ceil((integer(parameters, 'Columns', 1) * bitsPerPixel) / 8)
  const pixelBytes = Math.max(1, bitsPerPixel >> 3)
  if (predictor < 10) return unreadable('predictor not supported')
  if (rowBytes > data.length) return unreadable('row longer than the data')
  const rows = Math.ceil(data.length / (rowBytes + 1))
  const out = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1)
    const to = row * rowBytes
    const filter = data[from]
    const available = Math.min(rowBytes, data.length - from - 1)
    for (let index = 0; index < available; index++) {
      const left = index >= pixelBytes ? (out[to + index - pixelBytes] ?? 0) : 0
      const up = row > 0 ? (out[to + index - rowBytes] ?? 0) : 0
      const corner = row > 0 && index >= pixelBytes ? (out[to + index - rowBytes - pixelBytes] ?? 0) : 0
      out[to + index] = (data[from + 1 + index] ?? 0) + predicted(filter, left, up, corner)
    }
  }
  return out
}

/** The guess of PNG filter `type` (PNG specification §9.2). */
function predicted(type: number | undefined, left: number, up: number, corner: number): number {
  switch (type) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4: {
      const estimate = left + up - corner
      const [toLeft, toUp, toCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
      return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
    }
    default:
      return unreadable('unknown PNG filter')
  }
}

function list(value: PdfObject | undefined): readonly PdfObject[] {
  return value === undefined ? [] : is(value, 'array') ? value.items : [value]
}

/**
 * Decodes a stream that carries structure (cross-reference and object streams). Page content and images are never decoded by this library.
 * @param maximum bytes, encoded or decoded
 * @throws SigningError pdf-unreadable for filters other than FlateDecode, damaged data or more than `maximum`
 */
export function decodeStream(stream: PdfStream, maximum = MAXIMUM_DECODED_BYTES): Uint8Array {
  const filters = list(stream.dictionary.entries.get('Filter'))
  const parameters = list(stream.dictionary.entries.get('DecodeParms'))
  if (filters.length > 4 || stream.data.length > maximum) return unreadable('stream too large')
  let data = stream.data.read(0, stream.data.length)
  for (const [index, filter] of filters.entries()) {
    // names the encryption, which is undone already
    if (isName(filter, 'Crypt')) continue
    if (!is(filter, 'name') || (filter.name !== 'FlateDecode' && filter.name !== 'Fl'))
      return unreadable('filter not supported')
    try {
      // a sync flush accepts data whose last bytes are missing, as other readers do
      data = inflateSync(data, { maxOutputLength: maximum, finishFlush: constants.Z_SYNC_FLUSH })
    } catch (cause) {
      return unreadable('damaged compressed data', cause)
    }
    const own = parameters[index]
    data = unpredict(data, is(own, 'dictionary') ? own : null)
  }
  return data
}
