/** What a JPEG says of itself before its picture data, as far as a PDF must repeat it. */
export interface JpegHeader {
  readonly widthPx: number
  readonly heightPx: number
  readonly components: 1 | 3 | 4
  /** EXIF orientation, 1–8; 1 when none is given (CIPA DC-008 §4.6.4). */
  readonly orientation: number
  /** The picture was written by an Adobe encoder, which stores CMYK inverted. */
  readonly adobe: boolean
  /** Three components that are red, green and blue as they stand, not luminance and chroma. */
  readonly plainRgb: boolean
  /** ICC profile for the picture's own number of components, when one is embedded and whole. */
  readonly profile: Uint8Array | null
}

const START_OF_SCAN = 0xda
const PROFILE_SIGNATURES = { 1: 'GRAY', 3: 'RGB ', 4: 'CMYK' } as const

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** Orientation tag (0x0112) of the first directory of an EXIF block, or 1. */
function exifOrientation(tiff: Uint8Array): number {
  if (tiff.byteLength < 8) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.byteLength) return 1
  const count = view.getUint16(directory, little)
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * 12
    if (entry + 12 > tiff.byteLength) return 1
    if (view.getUint16(entry, little) !== 0x0112) continue
    const value = view.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** Joins the parts of an ICC profile (ICC.1:2010 Annex B.4); null when parts are missing or the profile is of another kind of picture. */
function joinProfile(parts: ReadonlyMap<number, Uint8Array>, count: number, components: 1 | 3 | 4): Uint8Array | null {
  const ordered = Array.from({ length: count }, (_, index) => parts.get(index + 1))
  if (count === 0 || ordered.some(part => part === undefined)) return null
  const profile = Buffer.concat(ordered.filter(part => part !== undefined))
  if (profile.byteLength < 128 || profile.readUInt32BE(0) !== profile.byteLength) return null
  const sound = latin(profile.subarray(36, 40)) === 'acsp' && (profile[8] ?? 9) <= 4
  return sound && latin(profile.subarray(16, 20)) === PROFILE_SIGNATURES[components] ? profile : null
}

/**
 * Reads a JPEG's header (ITU-T T.81 Annex B): baseline, extended and progressive pictures of 8 bits, grey, colour or CMYK, which is what
 * PDF's DCTDecode takes.
 * @returns null when the bytes are no such JPEG
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | null {
  if (bytes.byteLength < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const profileParts = new Map<number, Uint8Array>()
  let profileCount = 0
  let orientation = 1
  let adobe = false
  let adobeTransform: number | undefined
  let frame: { widthPx: number; heightPx: number; components: 1 | 3 | 4; ids: string } | undefined

  let position = 2
  while (position + 4 <= bytes.byteLength) {
    if (bytes[position] !== 0xff) return null
    const marker = bytes[position + 1] ?? 0
    if (marker === 0xff) {
      position += 1
      continue
    }
    const end = position + 2 + view.getUint16(position + 2)
    const segment = bytes.subarray(position + 4, end)
    if (end > bytes.byteLength || end < position + 4) return null
    if (marker === START_OF_SCAN) break
    if (marker === 0xe1 && latin(segment.subarray(0, 6)) === 'Exif\0\0')
      orientation = exifOrientation(segment.subarray(6))
    if (marker === 0xe2 && segment.byteLength > 14 && latin(segment.subarray(0, 12)) === 'ICC_PROFILE\0') {
      profileParts.set(segment[12] ?? 0, segment.subarray(14))
      profileCount = segment[13] ?? 0
    }
    if (marker === 0xee && segment.byteLength >= 12 && latin(segment.subarray(0, 5)) === 'Adobe') {
      adobe = true
      adobeTransform = segment[11]
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) {
      const components = segment[5]
      if (marker > 0xc2 || segment[0] !== 8 || (components !== 1 && components !== 3 && components !== 4)) return null
      if (segment.byteLength < 6 + components * 3) return null
      const ids = Array.from({ length: components }, (_, index) =>
        String.fromCharCode(segment[6 + index * 3] ?? 0),
      ).join('')
      frame = { heightPx: view.getUint16(position + 5), widthPx: view.getUint16(position + 7), components, ids }
    }
    position = end
  }
  if (!frame || frame.widthPx === 0 || frame.heightPx === 0) return null
  const { widthPx, heightPx, components, ids } = frame
  const plainRgb = components === 3 && (adobe ? adobeTransform === 0 : ids === 'RGB')
  return {
    widthPx,
    heightPx,
    components,
    orientation,
    adobe,
    plainRgb,
    profile: joinProfile(profileParts, profileCount, components),
  }
}
