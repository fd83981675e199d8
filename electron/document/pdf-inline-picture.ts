import { PDFArray, type PDFContext, PDFDict, PDFName, type PDFObject, PDFObjectParser, PDFRawStream } from 'pdf-lib'
import { DocumentError } from './errors.ts'
import type { InlinePicture } from './pdf-operations.ts'

/** Short names of an inline picture (ISO 32000-1 §8.9.7); those of filters are understood everywhere. */
const KEYS: Readonly<Record<string, string>> = {
  W: 'Width',
  H: 'Height',
  BPC: 'BitsPerComponent',
  CS: 'ColorSpace',
  IM: 'ImageMask',
  F: 'Filter',
  DP: 'DecodeParms',
}
const COLOURS: Readonly<Record<string, string>> = {
  G: 'DeviceGray',
  RGB: 'DeviceRGB',
  CMYK: 'DeviceCMYK',
  I: 'Indexed',
}

function longColour(colours: PDFObject): PDFObject {
  if (colours instanceof PDFName) return PDFName.of(COLOURS[colours.decodeText()] ?? colours.decodeText())
  if (colours instanceof PDFArray && colours.size() > 0) colours.set(0, longColour(colours.get(0)))
  return colours
}

/** An inline picture as if it were an object of the file. @throws DocumentError pdf-damaged where its entries cannot be read */
export function inlinePicture({ entries, data }: InlinePicture, context: PDFContext): PDFRawStream {
  let written: PDFObject
  try {
    written = PDFObjectParser.forBytes(Buffer.from(`<<${entries} >>`, 'latin1'), context).parseObject()
  } catch (cause) {
    throw new DocumentError('pdf-damaged', {}, { cause })
  }
  if (!(written instanceof PDFDict)) throw new DocumentError('pdf-damaged')
  const dictionary = context.obj({})
  for (const [key, value] of written.entries()) {
    const name = KEYS[key.decodeText()] ?? key.decodeText()
    dictionary.set(PDFName.of(name), name === 'ColorSpace' ? longColour(value) : value)
  }
  return PDFRawStream.of(dictionary, data)
}
