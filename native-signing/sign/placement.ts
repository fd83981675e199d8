import { PdfDocument } from '../pdf/document.ts'
import { formFields } from '../pdf/form.ts'
import { is } from '../pdf/objects.ts'
import { findPage, type PdfPage, toRectangle } from '../pdf/page-tree.ts'
import { coveredPart } from '../pdf/rectangle.ts'
import { FileSource } from '../pdf/source.ts'
import type { Appearance, Rectangle } from '../types.ts'

/** Half a point of tolerance for rounding. */
const SLACK = 0.5

/** Something that stands on the page where a mark is to come. */
export interface Overlap {
  /** Full name of the form field whose widget it is; null for comments and other annotations. */
  readonly field: string | null
  readonly signed: boolean
  readonly rectangle: Rectangle
  /** How much of it the mark would cover, 0 to 1. */
  readonly covered: number
}

/** What a mark would meet at its place. */
export interface PlaceReport {
  /** What readers show of the page, default user space. */
  readonly page: Rectangle
  /** Clockwise degrees. */
  readonly rotation: PdfPage['rotation']
  /** False: it would stand partly or wholly off the page, which is refused. */
  readonly inside: boolean
  readonly overlaps: readonly Overlap[]
}

/** Whether a rectangle with extent lies within a page. */
export function isInside(rectangle: Rectangle, box: Rectangle): boolean {
  return (
    rectangle.width > 0 &&
    rectangle.height > 0 &&
    rectangle.x >= box.x - SLACK &&
    rectangle.y >= box.y - SLACK &&
    rectangle.x + rectangle.width <= box.x + box.width + SLACK &&
    rectangle.y + rectangle.height <= box.y + box.height + SLACK
  )
}

/**
 * Looks before anybody signs: is the place on the page, and which marks, fields or comments would be covered. A seal that covers a third of
 * the signature is as it should be (NĐ 30/2020/NĐ-CP Phụ lục I II.8), so it is for people to judge.
 * @throws SigningError file-not-found, pdf-unreadable, pdf-encrypted, pdf-password-required, pdf-password-wrong, page-not-found
 */
export function lookAtPlace(
  input: string,
  { page: number, rectangle }: Pick<Appearance, 'page' | 'rectangle'>,
  password?: string,
): PlaceReport {
  using source = new FileSource(input)
  const document = PdfDocument.open(source, password)
  const page = findPage(document, number)
  const inside = isInside(rectangle, page.box)
  return { page: page.box, rotation: page.rotation, inside, overlaps: overlapsOf(document, page, rectangle) }
}

function overlapsOf(document: PdfDocument, page: PdfPage, mark: Rectangle): readonly Overlap[] {
  const annotations = document.get(page.dictionary, 'Annots')
  const fields = formFields(document)
  return (is(annotations, 'array') ? annotations.items : []).flatMap(annotation => {
    const rectangle = toRectangle(document, document.dictionary(annotation)?.entries.get('Rect'))
    const covered = rectangle ? coveredPart(rectangle, mark) : 0
    if (!rectangle || covered === 0) return []
    const field = fields.find(
      ({ widgets }) => is(annotation, 'reference') && widgets.some(({ number }) => number === annotation.number),
    )
    const signed = field?.type === 'Sig' && document.resolve(field.value) !== null
    return [{ field: field?.name ?? null, signed, rectangle, covered }]
  })
}
