import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFName,
  PDFNumber,
  type PDFObject,
  type PDFPage,
  PDFRawStream,
} from 'pdf-lib'
import { type JpegHeader, readJpegHeader } from './jpeg.ts'
import type { PageImage } from './types.ts'

/** A page that is nothing but one JPEG, as scanners make them. */
export interface PagePicture {
  readonly bytes: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly dpi: number
  readonly rotation: NonNullable<PageImage['rotation']>
}

/** How much the picture may differ from the page, points; and its two resolutions from each other, part of one. */
const TOLERANCE = 1
const RESOLUTION_TOLERANCE = 0.01
const NUMBER = String.raw`(-?\d*\.?\d+)`
/** A content stream that sets the matrix, draws one picture, and does nothing else. */
const ONE_PICTURE = new RegExp(
  `^(?:q\\s+)*(?:${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s+${NUMBER}\\s+cm\\s+)/([^\\s/<>()\\[\\]{}%]+)\\s+Do(?:\\s+Q)*$`,
)

/**
 * Whether the JPEG on its own means the same colours as inside the PDF: the device's own colours, the profile the JPEG itself carries, or
 * sRGB, which a picture without a profile is taken for.
 */
function sameColours(colourSpace: PDFObject | undefined, header: JpegHeader): boolean {
  if (colourSpace instanceof PDFName) return ['DeviceRGB', 'DeviceGray'].includes(colourSpace.decodeText())
  if (!(colourSpace instanceof PDFArray) || colourSpace.lookup(0) !== PDFName.of('ICCBased')) return false
  const stream = colourSpace.lookup(1)
  if (!(stream instanceof PDFRawStream)) return false
  const profile = Buffer.from(decodePDFRawStream(stream).decode())
  if (header.profile) return profile.equals(header.profile)
  return profile.toString('latin1').replaceAll('\0', '').includes('sRGB')
}

/** The page's content as text, or null when it is long or encoded in a way scanners do not use. */
function contentText(page: PDFPage): string | null {
  const contents = page.node.Contents()
  const streams =
    contents instanceof PDFArray ? contents.asArray().map(item => page.doc.context.lookup(item)) : [contents]
  const parts: string[] = []
  for (const stream of streams) {
    if (!(stream instanceof PDFRawStream) || stream.getContentsSize() > 2_000) return null
    parts.push(Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1'))
  }
  return parts.join('\n').trim().replace(/\s+/g, ' ')
}

/**
 * The page's JPEG when the page is exactly that: one upright picture over the whole page, grey or RGB, no mask, no turned EXIF, no
 * annotation; else null, and the page must be drawn.
 */
export function pagePicture(document: PDFDocument, index: number): PagePicture | null {
  const page = document.getPage(index)
  if (page.node.Annots()?.size() || page.node.lookup(PDFName.of('UserUnit'))) return null
  const match = ONE_PICTURE.exec(contentText(page) ?? '')
  const key = match?.[7]
  if (!match || !key) return null

  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = match.slice(1, 7).map(Number)
  const box = page.getCropBox()
  const media = page.getMediaBox()
  const near = (one: number, other: number) => Math.abs(one - other) <= TOLERANCE
  const wholePage =
    near(a, box.width) && near(d, box.height) && near(b, 0) && near(c, 0) && near(e, box.x) && near(f, box.y)
  if (!wholePage || !near(box.width, media.width) || !near(box.height, media.height)) return null

  const stream = page.node.Resources()?.lookupMaybe(PDFName.of('XObject'), PDFDict)?.lookup(PDFName.of(key))
  if (!(stream instanceof PDFRawStream)) return null
  const filter = stream.dict.lookup(PDFName.of('Filter'))
  const filters = filter instanceof PDFArray ? filter.asArray().map(String) : [String(filter)]
  const disguised = ['SMask', 'Mask', 'Decode', 'ImageMask', 'DecodeParms', 'OC'].some(entry =>
    stream.dict.has(PDFName.of(entry)),
  )
  if (filters.join() !== '/DCTDecode' || disguised) return null

  const bytes = stream.getContents()
  const header = readJpegHeader(bytes)
  const width = stream.dict.lookup(PDFName.of('Width'))
  if (!header || header.components === 4 || header.orientation !== 1) return null
  if (!sameColours(stream.dict.lookup(PDFName.of('ColorSpace')), header)) return null
  if (!(width instanceof PDFNumber) || width.asNumber() !== header.widthPx) return null
  const dpi = (header.widthPx * 72) / a
  if (Math.abs((header.heightPx * 72) / d / dpi - 1) > RESOLUTION_TOLERANCE) return null

  const turn = ((page.getRotation().angle % 360) + 360) % 360
  if (turn !== 0 && turn !== 90 && turn !== 180 && turn !== 270) return null
  return { bytes, widthPx: header.widthPx, heightPx: header.heightPx, dpi: Math.round(dpi * 100) / 100, rotation: turn }
}
