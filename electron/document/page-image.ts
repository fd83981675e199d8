import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import sharp from 'sharp'
import { DocumentError } from './errors.ts'
import { readJpegHeader } from './jpeg.ts'
import { type ObjectNumber, type PdfWriter, pdfNumber, reference } from './pdf-writer.ts'
import { readPng } from './png.ts'
import type { PageImage } from './types.ts'

const POINTS_PER_INCH = 72
/** Limits of a page in default user space (ISO 32000-1 Annex C.2), points. */
const SMALLEST_SIDE = 3
const LARGEST_SIDE = 14_400

/** How a stored picture becomes the upright page: first mirrored left to right, then turned clockwise. */
interface Turn {
  readonly mirrored: boolean
  readonly degrees: 0 | 90 | 180 | 270
}

/** EXIF orientations 1 to 8 as turns (CIPA DC-008 §4.6.4). */
const EXIF_TURNS: readonly Turn[] = [
  { mirrored: false, degrees: 0 },
  { mirrored: true, degrees: 0 },
  { mirrored: false, degrees: 180 },
  { mirrored: true, degrees: 180 },
  { mirrored: true, degrees: 270 },
  { mirrored: false, degrees: 90 },
  { mirrored: true, degrees: 90 },
  { mirrored: false, degrees: 270 },
]

function further(turn: Turn, degrees: number): Turn {
  const sum = (turn.degrees + degrees) % 360
  return { mirrored: turn.mirrored, degrees: sum === 90 || sum === 180 || sum === 270 ? sum : 0 }
}

/** Matrix that sets the unit square of a picture of `width` × `height` points upright into a page that begins at the origin. */
function placement({ mirrored, degrees }: Turn, width: number, height: number): readonly number[] {
  const [a, b, c, d, e, f] = {
    0: [width, 0, 0, height, 0, 0] as const,
    90: [0, -width, height, 0, 0, width] as const,
    180: [-width, 0, 0, -height, width, height] as const,
    270: [0, width, -height, 0, height, 0] as const,
  }[degrees]
  return mirrored ? [-a, -b, c, d, e + a, f + b] : [a, b, c, d, e, f]
}

/** A picture in the document, and the page it makes. Lengths in points. */
export interface PlacedImage {
  readonly object: ObjectNumber
  readonly width: number
  readonly height: number
  /** Content of the page that shows the picture as /Image. */
  readonly content: string
}

/** Colour profiles already in the document, by hash, so that 500 pages of one scanner share one. */
export type ProfileObjects = Map<string, ObjectNumber>

async function profileObject(writer: PdfWriter, profiles: ProfileObjects, bytes: Uint8Array, components: number) {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const known = profiles.get(hash)
  if (known !== undefined) return known
  const object = writer.reserve()
  await writer.deflatedStream(object, `/N ${components}`, bytes)
  profiles.set(hash, object)
  return object
}

/**
 * CMYK without a profile: its own inks over sRGB, so that the page keeps to the document's one output intent (ISO 19005-2 §6.2.4.3 allows
 * DeviceCMYK only under a CMYK intent).
 */
const INKS_OVER_RGB = '/DeviceN [/Cyan /Magenta /Yellow /Black] /DeviceRGB'
/** Each ink's absence times the black's absence: R = (1 − C)(1 − K) and so on, in PostScript as ISO 32000-1 §7.10.5 allows. */
const INKS_FUNCTION = `{ 1 exch sub 4 1 roll ${'1 exch sub 3 index mul 3 1 roll '.repeat(3)}4 -1 roll pop }`

async function writeJpeg(writer: PdfWriter, profiles: ProfileObjects, bytes: Uint8Array): Promise<Drawn | null> {
  const header = readJpegHeader(bytes)
  if (!header) return null
  const { widthPx, heightPx, components } = header
  let colourSpace: string
  if (header.profile) {
    colourSpace = `[/ICCBased ${reference(await profileObject(writer, profiles, header.profile, components))}]`
  } else if (components === 4) {
    const inks = writer.reserve()
    await writer.stream(
      inks,
      '/FunctionType 4 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1]',
      Buffer.from(INKS_FUNCTION, 'latin1'),
    )
    colourSpace = `[${INKS_OVER_RGB} ${reference(inks)}]`
  } else {
    colourSpace = components === 3 ? '/DeviceRGB' : '/DeviceGray'
  }
  const object = writer.reserve()
  await writer.stream(
    object,
    `/Type /XObject /Subtype /Image /Width ${widthPx} /Height ${heightPx} /BitsPerComponent 8 /ColorSpace ${colourSpace} ` +
      `/Filter /DCTDecode${header.plainRgb ? ' /DecodeParms << /ColorTransform 0 >>' : ''}` +
      `${components === 4 && header.adobe ? ' /Decode [1 0 1 0 1 0 1 0]' : ''}`,
    bytes,
  )
  return { object, widthPx, heightPx, turn: EXIF_TURNS[header.orientation - 1] ?? { mirrored: false, degrees: 0 } }
}

/** A PNG that PDF cannot hold as it is, redrawn without loss: transparency on white, rows in order. @throws DocumentError image-damaged */
export async function onWhite(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    return await sharp(bytes, { failOn: 'error' }).flatten({ background: '#fff' }).png().toBuffer()
  } catch (cause) {
    throw new DocumentError('image-damaged', { file }, { cause })
  }
}

async function writePng(writer: PdfWriter, bytes: Uint8Array, file: string): Promise<Drawn | null> {
  const picture = readPng(bytes) ?? readPng(await onWhite(bytes, file))
  if (!picture) return null
  const { widthPx, heightPx, bitsPerComponent, colours, palette } = picture
  const colourSpace = palette
    ? `[/Indexed /DeviceRGB ${palette.byteLength / 3 - 1} <${Buffer.from(palette).toString('hex').toUpperCase()}>]`
    : colours === 3
      ? '/DeviceRGB'
      : '/DeviceGray'
  const object = writer.reserve()
  await writer.stream(
    object,
    `/Type /XObject /Subtype /Image /Width ${widthPx} /Height ${heightPx} /BitsPerComponent ${bitsPerComponent} ` +
      `/ColorSpace ${colourSpace} /Filter /FlateDecode ` +
      `/DecodeParms << /Predictor 15 /Colors ${colours} /BitsPerComponent ${bitsPerComponent} /Columns ${widthPx} >>`,
    picture.data,
  )
  return { object, widthPx, heightPx, turn: { mirrored: false, degrees: 0 } }
}

interface Drawn {
  readonly object: ObjectNumber
  readonly widthPx: number
  readonly heightPx: number
  readonly turn: Turn
}

/** Bytes of a page's file. @throws DocumentError page-file-missing, page-file-empty */
export async function readPageFile(path: string): Promise<Uint8Array> {
  const name = basename(path)
  const bytes = await readFile(path).catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw missing ? new DocumentError('page-file-missing', { file: name }, { cause }) : cause
  })
  if (bytes.byteLength === 0) throw new DocumentError('page-file-empty', { file: name })
  return bytes
}

/**
 * Writes a page's picture into the document at 100 % of its paper size: JPEG data as it is, PNG rows as they are.
 * @throws DocumentError page-file-missing, page-file-empty, image-damaged, page-size-unusable
 */
export async function writePageImage(
  writer: PdfWriter,
  profiles: ProfileObjects,
  page: PageImage,
): Promise<PlacedImage> {
  const file = basename(page.path)
  const bytes = await readPageFile(page.path)
  const drawn =
    page.mediaType === 'image/jpeg' ? await writeJpeg(writer, profiles, bytes) : await writePng(writer, bytes, file)
  if (!drawn) throw new DocumentError('image-damaged', { file })

  const turn = further(drawn.turn, page.rotation ?? 0)
  const width = (drawn.widthPx * POINTS_PER_INCH) / page.dpi
  const height = (drawn.heightPx * POINTS_PER_INCH) / page.dpi
  if (!(Math.min(width, height) >= SMALLEST_SIDE && Math.max(width, height) <= LARGEST_SIDE)) {
    throw new DocumentError('page-size-unusable', { file, dpi: page.dpi })
  }
  const onSide = turn.degrees === 90 || turn.degrees === 270
  return {
    object: drawn.object,
    width: onSide ? height : width,
    height: onSide ? width : height,
    content: `q ${placement(turn, width, height).map(pdfNumber).join(' ')} cm /Image Do Q`,
  }
}
