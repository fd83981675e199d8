import { inflateRawSync } from 'node:zlib'
import { decodePDFRawStream, PDFArray, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream } from 'pdf-lib'
import { DocumentError } from './errors.ts'

/** What is left of a stream once its general filters are undone: bytes as they are, or those of a picture's own coding. */
export interface DecodedStream {
  readonly bytes: Uint8Array
  readonly coding: 'DCTDecode' | 'JPXDecode' | 'JBIG2Decode' | 'CCITTFaxDecode' | null
  /** Of the last filter. */
  readonly parameters: PDFDict | null
}

/** Longer chains of filters are made to do harm. */
const MOST_FILTERS = 6
/** Bytes of one row of a predictor: an A0 sheet at 1200 dpi in four 16-bit colours. */
const LONGEST_ROW = 500_000

/** Short names stand in inline pictures, and some writers use them everywhere. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  A85: 'ASCII85Decode',
  AHx: 'ASCIIHexDecode',
  RL: 'RunLengthDecode',
  DCT: 'DCTDecode',
  CCF: 'CCITTFaxDecode',
}
const CODINGS = ['DCTDecode', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode'] as const

/** An entry's values as a list, whether it is one or several. */
export function listed(value: PDFObject | undefined): readonly (PDFObject | undefined)[] {
  if (value === undefined) return []
  return value instanceof PDFArray ? Array.from({ length: value.size() }, (_, index) => value.lookup(index)) : [value]
}

/** A number entry of a dictionary, or `otherwise`. */
export function numberOf(dictionary: PDFDict | null, key: string, otherwise: number): number {
  const value = dictionary?.lookup(PDFName.of(key))
  return value instanceof PDFNumber ? value.asNumber() : otherwise
}

/**
 * Undoes the filters of a stream, up to the coding of a picture, and never makes more than `most` bytes. A predictor is checked, not undone.
 * @throws DocumentError page-asks-too-much; pdf-damaged where the data is cut or broken
 */
export function decodeBounded(stream: PDFRawStream, most: number): DecodedStream {
  const filters = listed(stream.dict.lookup(PDFName.of('Filter')) ?? stream.dict.lookup(PDFName.of('F')))
  const parameters = listed(stream.dict.lookup(PDFName.of('DecodeParms')) ?? stream.dict.lookup(PDFName.of('DP')))
  if (filters.length > MOST_FILTERS) throw new DocumentError('page-asks-too-much')
  let bytes = decrypted(stream)
  let last: PDFDict | null = null
  for (const [index, filter] of filters.entries()) {
    if (!(filter instanceof PDFName)) throw new DocumentError('pdf-damaged')
    const name = LONG_NAMES[filter.decodeText()] ?? filter.decodeText()
    const own = parameters[index]
    last = own instanceof PDFDict ? own : null
    const coding = CODINGS.find(each => each === name)
    if (coding) return { bytes, coding, parameters: last }
    if (name === 'Crypt') continue
    checkPredictor(last)
    bytes = name === 'FlateDecode' ? inflated(bytes, most) : undone(name, last, stream, bytes, most)
  }
  return { bytes, coding: null, parameters: last }
}

function decrypted(stream: PDFRawStream): Uint8Array {
  if (!stream.transform) return stream.getContents()
  const plain = PDFRawStream.of(stream.dict.context.obj({}), stream.getContents(), stream.transform)
  return Uint8Array.from(decodePDFRawStream(plain).decode())
}

function checkPredictor(parameters: PDFDict | null): void {
  if (numberOf(parameters, 'Predictor', 1) === 1) return
  const bits = numberOf(parameters, 'Colors', 1) * numberOf(parameters, 'BitsPerComponent', 8)
  if ((numberOf(parameters, 'Columns', 1) * bits) / 8 > LONGEST_ROW) throw new DocumentError('page-asks-too-much')
}

/** The checksum at the end is not looked at: writers that forget it, or count it wrongly, are read by everybody. */
function inflated(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return inflateRawSync(bytes.subarray(2), { maxOutputLength: most })
  } catch (cause) {
    const tooMuch = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    throw new DocumentError(tooMuch ? 'page-asks-too-much' : 'pdf-damaged', {}, { cause })
  }
}

/** The other filters make their bytes one after another, so that no more is made than asked for. */
function undone(name: string, parameters: PDFDict | null, stream: PDFRawStream, bytes: Uint8Array, most: number) {
  const dictionary = stream.dict.context.obj({})
  dictionary.set(PDFName.of('Filter'), PDFName.of(name))
  if (parameters) dictionary.set(PDFName.of('DecodeParms'), parameters)
  let made: Uint8Array
  try {
    made = Uint8Array.from(decodePDFRawStream(PDFRawStream.of(dictionary, bytes)).getBytes(most + 1))
  } catch (cause) {
    throw new DocumentError('pdf-damaged', {}, { cause })
  }
  if (made.byteLength > most) throw new DocumentError('page-asks-too-much')
  return made
}
