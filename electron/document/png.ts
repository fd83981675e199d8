/** A PNG as a PDF can hold it: the deflated rows as they are, to be read with PNG's own predictor (ISO 32000-1 §7.4.4.4). */
export interface PngPicture {
  readonly widthPx: number
  readonly heightPx: number
  readonly bitsPerComponent: number
  readonly colours: 1 | 3
  /** RGB palette of an indexed picture. */
  readonly palette: Uint8Array | null
  readonly data: Uint8Array
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const GREY = 0
const RGB = 2
const INDEXED = 3

/**
 * Takes a PNG apart (ISO/IEC 15948 §11).
 * @returns null when the bytes are no PNG, or one that must be redrawn first: with transparency, interlaced
 */
export function readPng(bytes: Uint8Array): PngPicture | null {
  if (bytes.byteLength < 33 || SIGNATURE.compare(bytes, 0, 8) !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bitsPerComponent = bytes[24] ?? 0
  const colourType = bytes[25] ?? 0
  const interlaced = bytes[28] !== 0
  if (interlaced || (colourType !== GREY && colourType !== RGB && colourType !== INDEXED)) return null

  const data: Uint8Array[] = []
  let palette: Uint8Array | null = null
  for (let position = 8; position + 12 <= bytes.byteLength; ) {
    const length = view.getUint32(position)
    const kind = Buffer.from(bytes.subarray(position + 4, position + 8)).toString('latin1')
    const content = bytes.subarray(position + 8, position + 8 + length)
    if (content.byteLength < length) return null
    if (kind === 'tRNS') return null
    if (kind === 'PLTE') palette = content
    if (kind === 'IDAT') data.push(content)
    position += length + 12
  }
  if (data.length === 0 || (colourType === INDEXED && !palette)) return null
  return {
    widthPx: view.getUint32(16),
    heightPx: view.getUint32(20),
    bitsPerComponent,
    colours: colourType === RGB ? 3 : 1,
    palette: colourType === INDEXED ? palette : null,
    data: Buffer.concat(data),
  }
}
