import { basename } from 'node:path'
import sharp, { type Metadata } from 'sharp'
import { writeFileDurably } from '../files.ts'
import { DocumentError } from './errors.ts'
import { type ImportedPage, type ImportOptions, PAGE_LIMIT, PIXEL_LIMIT, pagePath, throwIfCancelled } from './import.ts'
import { readJpegHeader } from './jpeg.ts'
import { onWhite, readPageFile } from './page-image.ts'
import { readPng } from './png.ts'
import { provePicture } from './prove-picture.ts'
import type { PageImage } from './types.ts'

/** Longer side of A4, inches: the size a picture is taken to have when it does not say a believable one. */
const A4_LONG_SIDE = 297 / 25.4
/** Believable pages are between a stamp and A0. */
const SMALLEST_PAGE_INCHES = 0.8
const LARGEST_PAGE_INCHES = 47

/** Resolution of a picture: its own when that gives a believable page (cameras write 72), else the one that makes it an A4 page. */
function resolution(density: number | undefined, longSidePx: number): number {
  const side = density ? longSidePx / density : 0
  if (density && density > 72 && side >= SMALLEST_PAGE_INCHES && side <= LARGEST_PAGE_INCHES) return density
  return Math.max(1, Math.round(longSidePx / A4_LONG_SIDE))
}

const MEDIA_TYPES: Readonly<Record<string, PageImage['mediaType']>> = { jpeg: 'image/jpeg', png: 'image/png' }

async function describe(bytes: Uint8Array, file: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (cause) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    const known = /^(ffd8ff|89504e47|49492a00|4d4d002a)/.test(start)
    throw new DocumentError(known ? 'image-damaged' : 'page-format-unknown', { file }, { cause })
  }
}

/** A TIFF's page as a file that a PDF can hold: black and white stays exact, grey and colour become a fine JPEG. */
async function convert(bytes: Uint8Array, page: number, dpi: number, file: string) {
  try {
    const picture = sharp(bytes, { page, failOn: 'error', limitInputPixels: PIXEL_LIMIT })
    const { bitsPerSample } = await picture.metadata()
    const upright = picture.autoOrient().flatten({ background: '#fff' }).withDensity(dpi)
    const bilevel = bitsPerSample === 1
    const { data, info } = await (bilevel
      ? upright.toColourspace('b-w').png({ palette: true, colours: 2, dither: 0 })
      : upright.toColourspace('srgb').jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    ).toBuffer({ resolveWithObject: true })
    const mediaType: PageImage['mediaType'] = bilevel ? 'image/png' : 'image/jpeg'
    return { data, mediaType, widthPx: info.width, heightPx: info.height }
  } catch (cause) {
    throw new DocumentError('image-damaged', { file }, { cause })
  }
}

/**
 * Reads a JPEG, PNG or (multi-page) TIFF. JPEG and PNG are decoded once to prove them sound and copied byte for byte, but for a PNG
 * that no PDF can hold, which is redrawn now, so that nobody waits for it when the copy is signed; a TIFF's pages
 * become PNG (black and white) or JPEG. Width and height are those of the upright picture. Files go to `directory` as `page-0001.jpg`, …
 * @throws DocumentError page-file-missing, page-file-empty, page-format-unknown, image-damaged, image-too-large,
 *   too-many-pages, import-cancelled
 */
export async function* readImage(
  path: string,
  directory: string,
  options: ImportOptions = {},
): AsyncGenerator<ImportedPage> {
  const file = basename(path)
  throwIfCancelled(options.signal)
  const bytes = await readPageFile(path)
  const metadata = await describe(bytes, file)
  const { width, height } = metadata.autoOrient
  if (width * height > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
  const dpi = resolution(metadata.density, Math.max(width, height))
  const first = options.firstPage ?? 1

  const mediaType = MEDIA_TYPES[metadata.format]
  if (mediaType) {
    await provePicture(bytes, file)
    // Lossless, arithmetic and 12-bit JPEGs decode here but nowhere in a PDF.
    if (mediaType === 'image/jpeg' && !readJpegHeader(bytes)) throw new DocumentError('page-format-unknown', { file })
    const target = pagePath(directory, first, mediaType)
    const held = mediaType === 'image/jpeg' || readPng(bytes) ? bytes : await onWhite(bytes, file)
    await writeFileDurably(target, held)
    yield { page: 1, pageCount: 1, image: { path: target, mediaType, widthPx: width, heightPx: height, dpi } }
    return
  }
  if (metadata.format !== 'tiff') throw new DocumentError('page-format-unknown', { file })

  const pageCount = metadata.pages ?? 1
  if (pageCount > PAGE_LIMIT) throw new DocumentError('too-many-pages', { file, most: PAGE_LIMIT })
  for (let page = 0; page < pageCount; page++) {
    throwIfCancelled(options.signal)
    const sheet = await sharp(bytes, { page, limitInputPixels: false })
      .metadata()
      .catch((cause: unknown) => {
        throw new DocumentError('image-damaged', { file }, { cause })
      })
    if (sheet.autoOrient.width * sheet.autoOrient.height > PIXEL_LIMIT)
      throw new DocumentError('image-too-large', { file })
    const own = resolution(sheet.density, Math.max(sheet.autoOrient.width, sheet.autoOrient.height))
    const { data, ...image } = await convert(bytes, page, own, file)
    const target = pagePath(directory, first + page, image.mediaType)
    await writeFileDurably(target, data)
    yield { page: page + 1, pageCount, image: { path: target, ...image, dpi: own } }
  }
}
