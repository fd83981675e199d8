import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { SigningError } from '../errors.ts'
import { array, dictionary, name, type PdfObject, string } from '../pdf/objects.ts'

/** Pixels per inch of a mark on paper; more no office printer shows, they would only make the file larger. */
const RESOLUTION = 300
const MAXIMUM_PIXELS = 64_000_000
/** Steps of transparency: enough for smooth edges at this resolution, and a third smaller than 16. */
const OPACITY_STEPS = 8
/** Largest distance from the mean colour at which a picture counts as drawn with one ink; of 255, weighted by opacity. */
const ONE_INK_DEVIATION = 28
/** Mean squared error, per channel, up to which 16 colours stand for all: 37 dB, which nobody sees. */
const PALETTE_ERROR = 13
const PHOTOGRAPH_QUALITY = 85

/** One image XObject's data with the entries that say how to read it. */
export interface ImagePlane {
  readonly entries: Readonly<Record<string, PdfObject>>
  readonly data: Uint8Array
}

/** A picture as PDF wants it: colour and transparency apart, both of the same size. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly colour: ImagePlane
  readonly opacity: ImagePlane | null
}

/** The place on the page: its size as the reader sees it, points. */
export interface PicturePlace {
  readonly width: number
  readonly height: number
  /** On white instead of transparent, for files that may not have transparency (PDF/A-1, ISO 19005-1 §6.4). */
  readonly opaque?: boolean
}

interface Raster {
  readonly width: number
  readonly height: number
  /** Four bytes for each pixel: red, green, blue, opacity. */
  readonly pixels: Buffer
}

type Colour = readonly [number, number, number]

/** Pictures prepared last, by content and size: all files of a batch get the same mark. */
const prepared = new Map<string, Promise<Picture>>()
const KEPT_PICTURES = 4

/**
 * Reads a picture, brings it to the size at which the rectangle shows it, and keeps no more of its colours than the eye needs: one ink,
 * sixteen colours, or a photograph.
 * @param place where it will stand
 * @throws SigningError image-unreadable
 */
export function preparePicture(image: Uint8Array, place: PicturePlace): Promise<Picture> {
  const key = `${createHash('sha256').update(image).digest('hex')} ${place.width} ${place.height} ${place.opaque ?? false}`
  const picture = prepared.get(key) ?? prepare(image, place)
  prepared.delete(key)
  prepared.set(key, picture)
  for (const oldest of [...prepared.keys()].slice(0, -KEPT_PICTURES)) prepared.delete(oldest)
  return picture
}

async function prepare(image: Uint8Array, place: PicturePlace): Promise<Picture> {
  try {
    const raster = await readRaster(image, place)
    const { width, height } = raster
    const ink = onlyInk(raster)
    if (ink) return { width, height, colour: inkPlane(raster, ink), opacity: opacityPlane(raster, OPACITY_STEPS) }
    const palette = await palettePlane(raster)
    if (palette) return { width, height, colour: palette, opacity: opacityPlane(raster, OPACITY_STEPS) }
    return { width, height, colour: await photographPlane(raster), opacity: opacityPlane(raster, 256) }
  } catch (cause) {
    throw new SigningError('image-unreadable', {}, { cause })
  }
}

async function readRaster(image: Uint8Array, place: PicturePlace): Promise<Raster> {
  const pixelsFor = (points: number) => Math.max(1, Math.ceil((points / 72) * RESOLUTION))
  const { default: sharp } = await import('sharp')
  const whole = sharp(image, { limitInputPixels: MAXIMUM_PIXELS, failOn: 'error' })
  const { data, info } = await (place.opaque ? whole.flatten({ background: 'white' }) : whole)
    .rotate()
    .resize({
      width: pixelsFor(place.width),
      height: pixelsFor(place.height),
      fit: 'inside',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, pixels: data }
}

/** The colour of a picture that has only one, in whatever strengths; null for others. */
function onlyInk({ pixels }: Raster): Colour | null {
  let [red, green, blue, weight] = [0, 0, 0, 0]
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3] ?? 0
    red += (pixels[at] ?? 0) * opacity
    green += (pixels[at + 1] ?? 0) * opacity
    blue += (pixels[at + 2] ?? 0) * opacity
    weight += opacity
  }
  if (weight === 0) return [255, 255, 255]
  const ink: Colour = [red / weight, green / weight, blue / weight]
  for (let at = 0; at < pixels.length; at += 4) {
    const opacity = pixels[at + 3] ?? 0
    for (let channel = 0; channel < 3; channel++) {
      const distance = Math.abs((pixels[at + channel] ?? 0) - (ink[channel] ?? 0))
      if (distance * opacity > ONE_INK_DEVIATION * 255) return null
    }
  }
  return ink
}

/** Rows of so many bits for each sample, each row filled up to whole bytes. */
function packRows(samples: Uint8Array, { width, height }: Raster, bits: 1 | 4 | 8): Buffer {
  const rowBytes = Math.ceil((width * bits) / 8)
  const rows = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * rowBytes + ((x * bits) >> 3)
      const shift = 8 - bits - ((x * bits) & 7)
      rows[at] = (rows[at] ?? 0) | ((samples[y * width + x] ?? 0) << shift)
    }
  }
  return rows
}

function flatePlane(rows: Uint8Array, entries: Readonly<Record<string, PdfObject>>): ImagePlane {
  return { entries: { ...entries, Filter: name('FlateDecode') }, data: deflateSync(rows, { level: 9 }) }
}

/** All pixels of one colour: a palette with a single entry, which costs next to nothing. */
function inkPlane(raster: Raster, ink: Colour): ImagePlane {
  const rows = packRows(new Uint8Array(raster.width * raster.height), raster, 1)
  const palette = string(Uint8Array.from(ink, Math.round), true)
  return flatePlane(rows, {
    ColorSpace: array([name('Indexed'), name('DeviceRGB'), 0, palette]),
    BitsPerComponent: 1,
  })
}

/** Transparency in so many steps from none to the picture's strongest; null for an opaque picture. */
function opacityPlane(raster: Raster, steps: number): ImagePlane | null {
  const opacities = new Uint8Array(raster.width * raster.height)
  let [weakest, strongest] = [255, 1]
  for (let pixel = 0; pixel < opacities.length; pixel++) {
    const opacity = raster.pixels[pixel * 4 + 3] ?? 0
    opacities[pixel] = opacity
    weakest = Math.min(weakest, opacity)
    strongest = Math.max(strongest, opacity)
  }
  if (weakest === 255) return null
  const [bits, highest] = steps > 16 ? ([8, 255] as const) : ([4, 15] as const)
  const samples = opacities.map(opacity => {
    const step = Math.round((opacity / strongest) * (steps - 1))
    return Math.round((step / (steps - 1)) * highest)
  })
  return flatePlane(packRows(samples, raster, bits), {
    ColorSpace: name('DeviceGray'),
    BitsPerComponent: bits,
    ...(strongest < 255 ? { Decode: array([0, strongest / 255]) } : {}),
  })
}

/** Colours without transparency; what is never seen is white, which compresses best. */
function opaqueColours(raster: Raster): Buffer {
  const { width, height, pixels } = raster
  const colours = Buffer.alloc(width * height * 3, 255)
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (pixels[pixel * 4 + 3] !== 0) pixels.copy(colours, pixel * 3, pixel * 4, pixel * 4 + 3)
  }
  return colours
}

/** The parts of a PNG file by their type, those of the same type joined. */
function pngChunks(png: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    chunks.set(type, Buffer.concat([chunks.get(type) ?? Buffer.alloc(0), png.subarray(at + 8, at + 8 + length)]))
    at += 12 + length
  }
  return chunks
}

/** Sixteen colours, where they are enough; else null. The rows are PNG's own: FlateDecode with predictor 15 in PDF's words. */
async function palettePlane(raster: Raster): Promise<ImagePlane | null> {
  const { width, height } = raster
  const colours = opaqueColours(raster)
  const { default: sharp } = await import('sharp')
  const png = await sharp(colours, { raw: { width, height, channels: 3 } })
    .png({ palette: true, colours: 16, dither: 0, compressionLevel: 9 })
    .toBuffer()
  const reduced = await sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer()
  let squares = 0
  let weight = 0
  for (let pixel = 0; pixel < width * height; pixel++) {
    const opacity = raster.pixels[pixel * 4 + 3] ?? 0
    weight += opacity * 3
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) {
      squares += opacity * ((reduced[at] ?? 0) - (colours[at] ?? 0)) ** 2
    }
  }
  const chunks = pngChunks(png)
  const [header, palette, data] = [chunks.get('IHDR'), chunks.get('PLTE'), chunks.get('IDAT')]
  if (!header || !palette || !data || squares > PALETTE_ERROR * weight) return null
  const bits = header.readUInt8(8)
  return {
    entries: {
      ColorSpace: array([name('Indexed'), name('DeviceRGB'), palette.length / 3 - 1, string(palette, true)]),
      BitsPerComponent: bits,
      Filter: name('FlateDecode'),
      DecodeParms: dictionary({ Predictor: 15, Colors: 1, BitsPerComponent: bits, Columns: width }),
    },
    data,
  }
}

async function photographPlane(raster: Raster): Promise<ImagePlane> {
  const { width, height } = raster
  const { default: sharp } = await import('sharp')
  const data = await sharp(opaqueColours(raster), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: PHOTOGRAPH_QUALITY, chromaSubsampling: '4:4:4', mozjpeg: true })
    .toBuffer()
  return { entries: { ColorSpace: name('DeviceRGB'), BitsPerComponent: 8, Filter: name('DCTDecode') }, data }
}
