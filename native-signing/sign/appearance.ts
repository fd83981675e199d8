import { array, dictionary, name, type PdfObject, type PdfReference, type PdfStream } from '../pdf/objects.ts'
import type { PdfPage } from '../pdf/page-tree.ts'
import { numberToken } from '../pdf/serialize.ts'
import { MemorySource } from '../pdf/source.ts'
import type { IncrementalUpdate } from '../pdf/update.ts'
import type { Rectangle } from '../types.ts'
import type { ImagePlane, Picture } from './picture.ts'

function imageStream({ width, height }: Picture, plane: ImagePlane, mask: PdfReference | null): PdfStream {
  return {
    kind: 'stream',
    dictionary: dictionary({
      Type: name('XObject'),
      Subtype: name('Image'),
      Width: width,
      Height: height,
      ...plane.entries,
      ...(mask ? { SMask: mask } : {}),
      Length: plane.data.length,
    }),
    data: new MemorySource(plane.data),
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
  picture: Picture,
): PdfReference {
  const mask = picture.opacity ? update.add(imageStream(picture, picture.opacity, null)) : null
  const image = update.add(imageStream(picture, picture.colour, mask))
  const { width, height } = sizeAsSeen(page, rectangle)
  const content = Buffer.from(`q ${numberToken(width)} 0 0 ${numberToken(height)} 0 0 cm /Image Do Q`)
  const resources = dictionary({ XObject: dictionary({ Image: image }) })
  const entries = { BBox: array([0, 0, width, height]), Matrix: array(UPRIGHT[page.rotation]), Resources: resources }
  return update.add(form(entries, content))
}

/** Adds an appearance that shows nothing. */
export function addEmptyAppearance(update: IncrementalUpdate): PdfReference {
  return update.add(form({ BBox: array([0, 0, 0, 0]) }, new Uint8Array(0)))
}

function form(entries: Readonly<Record<string, PdfObject>>, content: Uint8Array): PdfStream {
  return {
    kind: 'stream',
    dictionary: dictionary({ Type: name('XObject'), Subtype: name('Form'), ...entries, Length: content.length }),
    data: new MemorySource(content),
  }
}
