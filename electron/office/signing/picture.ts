import type { Appearance, Rectangle } from '../../../native-signing/types.ts'
import { OfficeError } from '../errors.ts'

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const
const WIDTH_AT = 16
const HEIGHT_AT = 20

/** Pixels of a PNG, read from its header (PNG §11.2.2). @throws OfficeError input-invalid */
export function pngSize(png: Uint8Array): { readonly width: number; readonly height: number } {
  const whole = png.length >= HEIGHT_AT + 4 && PNG_START.every((byte, index) => png[index] === byte)
  if (!whole) throw new OfficeError('input-invalid', { field: 'png' })
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const size = { width: view.getUint32(WIDTH_AT), height: view.getUint32(HEIGHT_AT) }
  if (size.width === 0 || size.height === 0) throw new OfficeError('input-invalid', { field: 'png' })
  return size
}

/**
 * The picture in its own shape, as large as `place` allows: a signature is never stretched. What is left over goes to the left by `share`:
 * with a third, a seal that covers the left third of `place` also covers the left third of the picture (NĐ 30/2020 Phụ lục I II.8.a).
 */
export function fitted(image: Uint8Array, page: number, place: Rectangle, share: number): Appearance {
  const { width, height } = pngSize(image)
  const scale = Math.min(place.width / width, place.height / height)
  const rectangle = {
    x: place.x + (place.width - width * scale) * share,
    y: place.y + (place.height - height * scale) / 2,
    width: width * scale,
    height: height * scale,
  }
  return { page, rectangle, image }
}
