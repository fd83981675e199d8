import sharp from 'sharp'
import { SigningError } from '../errors.ts'
import { array, dictionary, name, type PdfReference, type PdfStream } from '../pdf/objects.ts'
import type { PdfPage } from '../pdf/page-tree.ts'
import { numberToken } from '../pdf/serialize.ts'
import { MemorySource } from '../pdf/source.ts'
import type { IncrementalUpdate } from '../pdf/update.ts'
import type { Rectangle } from '../types.ts'

/** More pixels than this per inch no printer shows; they would only make the file larger. */
const MAXIMUM_RESOLUTION = 400
const MAXIMUM_PIXELS = 64_000_000

/** A picture as PDF wants it: PNG rows, already compressed, colour and transparency apart. */
export interface PreparedImage {
  readonly width: number
  readonly height: number
  readonly colour: Uint8Array
  readonly alpha: Uint8Array | null
}

/** The compressed rows of a PNG that sharp wrote: FlateDecode with predictor 15 in PDF's words. */
function imageData(png: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.length)
  const parts: Uint8Array[] = []
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return Buffer.concat(parts)
}

async function compress(raw: Uint8Array, width: number, height: number, channels: 1 | 3): Promise<Uint8Array> {
  const png = sharp(raw, { raw: { width, height, channels } }).png({ compressionLevel: 9, adaptiveFiltering: true })
  return imageData(await (channels === 1 ? png.toColourspace('b-w') : png).toBuffer())
}

/**
 * Reads a picture and brings it to the size at which the rectangle shows it.
 * @param size of the place where it will stand, as the reader sees it (points)
 * @throws SigningError image-unreadable
 */
export async function prepareImage(
  image: Uint8Array,
  size: { readonly width: number; readonly height: number },
): Promise<PreparedImage> {
  try {
    const { data, info } = await sharp(image, { limitInputPixels: MAXIMUM_PIXELS, failOn: 'error' })
      .rotate()
      .resize({
        width: Math.max(1, Math.ceil((size.width / 72) * MAXIMUM_RESOLUTION)),
        height: Math.max(1, Math.ceil((size.height / 72) * MAXIMUM_RESOLUTION)),
        fit: 'inside',
        withoutEnlargement: true,
      })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const colour = Buffer.alloc(width * height * 3)
    const alpha = Buffer.alloc(width * height)
    for (let pixel = 0; pixel < alpha.length; pixel++) {
      const opacity = data[pixel * 4 + 3] ?? 0
      alpha[pixel] = opacity
      // colour under full transparency is never seen; white compresses best
      if (opacity === 0) colour.fill(255, pixel * 3, pixel * 3 + 3)
      else data.copy(colour, pixel * 3, pixel * 4, pixel * 4 + 3)
    }
    const opaque = alpha.every(opacity => opacity === 255)
    return {
      width,
      height,
      colour: await compress(colour, width, height, 3),
      alpha: opaque ? null : await compress(alpha, width, height, 1),
    }
  } catch (cause) {
    throw new SigningError('image-unreadable', {}, { cause })
  }
}

function imageStream(image: PreparedImage, data: Uint8Array, channels: 1 | 3, mask: PdfReference | null): PdfStream {
  return {
    kind: 'stream',
    dictionary: dictionary({
      Type: name('XObject'),
      Subtype: name('Image'),
      Width: image.width,
      Height: image.height,
      ColorSpace: name(channels === 1 ? 'DeviceGray' : 'DeviceRGB'),
      BitsPerComponent: 8,
      ...(mask ? { SMask: mask } : {}),
      Filter: name('FlateDecode'),
      DecodeParms: dictionary({ Predictor: 15, Colors: channels, BitsPerComponent: 8, Columns: image.width }),
      Length: data.length,
    }),
    data: new MemorySource(data),
  }
}

/** Width and height of a rectangle in default user space as the reader sees it on the turned page. */
export function sizeAsSeen(
  { rotation }: PdfPage,
  { width, height }: Rectangle,
): { readonly width: number; readonly height: number } {
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width }
}

/** Turns the appearance against the page's /Rotate, so that it stands upright for the reader (ISO 32000-1 §12.5.5). */
const UPRIGHT = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
} as const

/** Adds the normal appearance: a form XObject that shows the picture over the whole rectangle. */
export function addAppearance(
  update: IncrementalUpdate,
  page: PdfPage,
  rectangle: Rectangle,
  image: PreparedImage,
): PdfReference {
  const mask = image.alpha ? update.add(imageStream(image, image.alpha, 1, null)) : null
  const picture = update.add(imageStream(image, image.colour, 3, mask))
  const { width, height } = sizeAsSeen(page, rectangle)
  const content = Buffer.from(`q ${numberToken(width)} 0 0 ${numberToken(height)} 0 0 cm /Image Do Q`)
  return update.add({
    kind: 'stream',
    dictionary: dictionary({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: array([0, 0, width, height]),
      Matrix: array(UPRIGHT[page.rotation]),
      Resources: dictionary({ XObject: dictionary({ Image: picture }) }),
      Length: content.length,
    }),
    data: new MemorySource(content),
  })
}
