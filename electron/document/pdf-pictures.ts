import { PDFArray, PDFBool, type PDFDict, PDFName, type PDFObject, PDFRawStream } from 'pdf-lib'
import { faxAsTiff, readJbig2, readJpx } from './coded-pictures.ts'
import { DocumentError } from './errors.ts'
import { PIXEL_LIMIT } from './import.ts'
import { readJpegHeader } from './jpeg.ts'
import { decodeBounded, numberOf } from './pdf-stream.ts'
import { provePicture } from './prove-picture.ts'

/** Bytes that a writer may add behind the last row of a picture. */
const ADDED = 2 ** 20

/**
 * Proves a picture of a PDF sound before it is drawn, as far as its coding can be read here: a JPEG is decoded, the rows of plain and
 * deflated ones are counted, a fax is decoded as a TIFF. Of a JBIG2 or JPEG 2000 the frame is read; who draws the page decodes them.
 * @throws DocumentError image-damaged, image-too-large, page-asks-too-much, pdf-damaged
 */
export async function provePdfPicture(stream: PDFRawStream, file: string): Promise<void> {
  const width = numberOf(stream.dict, 'Width', 0)
  const height = numberOf(stream.dict, 'Height', 0)
  if (!(width > 0 && height > 0)) throw new DocumentError('image-damaged', { file })
  if (width * height > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
  const rows = plainBytes(stream.dict, width, height)
  const { bytes, coding, parameters } = decodeBounded(stream, Math.max(rows ?? 0, width * height * 8) * 1.1 + ADDED)
  switch (coding) {
    case 'DCTDecode': {
      const header = readJpegHeader(bytes)
      if (header && header.widthPx * header.heightPx > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
      return provePicture(bytes, file)
    }
    case 'JPXDecode':
      return checkSize(readJpx(bytes)?.pixels ?? null, width * height, file)
    case 'JBIG2Decode':
      return checkSize(readJbig2(bytes)?.pixels ?? null, width * height, file)
    case 'CCITTFaxDecode': {
      const columns = numberOf(parameters, 'Columns', 1728)
      checkSize(columns * height, width * height, file)
      // The other kinds of fax are rare, and no reader of pictures here judges them.
      const group4 = numberOf(parameters, 'K', 0) < 0 && !parameters?.has(PDFName.of('EncodedByteAlign'))
      return group4 ? provePicture(faxAsTiff(bytes, columns, height), file, 'warning') : undefined
    }
    case null:
      if (rows !== null && bytes.byteLength < rows) throw new DocumentError('image-damaged', { file })
  }
}

/** A picture may be as large as its dictionary says, not larger. */
function checkSize(pixels: number | null, told: number, file: string): void {
  if (pixels === null) throw new DocumentError('image-damaged', { file })
  if (pixels > Math.max(told * 4, ADDED)) throw new DocumentError('image-too-large', { file })
}

/** Bytes of all rows but the last, which some writers leave short; null where the colours are not understood. */
function plainBytes(dictionary: PDFDict, width: number, height: number): number | null {
  const mask = dictionary.lookup(PDFName.of('ImageMask')) === PDFBool.True
  const components = mask ? 1 : componentsOf(dictionary.lookup(PDFName.of('ColorSpace')))
  if (components === null) return null
  const bits = mask ? 1 : numberOf(dictionary, 'BitsPerComponent', 8)
  return Math.ceil((width * components * bits) / 8) * (height - 1)
}

const COMPONENTS: Readonly<Record<string, number>> = {
  DeviceGray: 1,
  CalGray: 1,
  Indexed: 1,
  Separation: 1,
  DeviceRGB: 3,
  CalRGB: 3,
  Lab: 3,
  DeviceCMYK: 4,
}

function componentsOf(colours: PDFObject | undefined): number | null {
  const family = colours instanceof PDFArray ? colours.lookup(0) : colours
  if (!(family instanceof PDFName)) return null
  if (!(colours instanceof PDFArray) || !['ICCBased', 'DeviceN'].includes(family.decodeText()))
    return COMPONENTS[family.decodeText()] ?? null
  const detail = colours.lookup(1)
  if (detail instanceof PDFArray) return detail.size()
  return detail instanceof PDFRawStream ? numberOf(detail.dict, 'N', 3) : null
}
