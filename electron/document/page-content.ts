import { TextFont } from './fonts.ts'
import type { Face } from './form-1/faces.ts'
import { type ObjectNumber, type PdfWriter, pdfNumber, reference } from './pdf-writer.ts'

/** The faces of one document, opened when first used, embedded once at its end. */
export class DocumentFonts {
  readonly #writer: PdfWriter
  readonly #open = new Map<Face, { readonly font: TextFont; readonly object: ObjectNumber }>()

  constructor(writer: PdfWriter) {
    this.#writer = writer
  }

  face(face: Face): TextFont {
    const known = this.#open.get(face)
    if (known) return known.font
    const font = new TextFont(face)
    this.#open.set(face, { font, object: this.#writer.reserve() })
    return font
  }

  /** The /Font entry for a page's resources; empty when the document has no text. */
  get resources(): string {
    const entries = [...this.#open].map(([face, { object }]) => `/${face} ${reference(object)}`)
    return entries.length > 0 ? `/Font << ${entries.join(' ')} >>` : ''
  }

  /** Writes the subsets of all faces. */
  async embed(): Promise<void> {
    for (const { font, object } of this.#open.values()) await font.embed(this.#writer, object)
  }
}

/** `#RRGGBB` as a PDF fill or stroke colour. */
function colourOperands(colour: string): string {
  return [1, 3, 5].map(at => pdfNumber(Number.parseInt(colour.slice(at, at + 2), 16) / 255)).join(' ')
}

export interface TextStyle {
  readonly face: Face
  readonly size: number
  readonly colour: string
}

/** Collects the operators of one page. Coordinates in points from the lower left corner. */
export class PageContent {
  readonly #fonts: DocumentFonts
  readonly #operators: string[] = []

  constructor(fonts: DocumentFonts) {
    this.#fonts = fonts
  }

  add(operators: string): void {
    this.#operators.push(operators)
  }

  width(text: string, style: TextStyle): number {
    return this.#fonts.face(style.face).width(text, style.size)
  }

  /** Sets `text` with its baseline beginning at (x, y). @throws DocumentError letters-without-font */
  text(text: string, x: number, y: number, style: TextStyle): void {
    const code = this.#fonts.face(style.face).encode(text)
    this.add(
      `BT /${style.face} ${pdfNumber(style.size)} Tf ${colourOperands(style.colour)} rg ` +
        `1 0 0 1 ${pdfNumber(x)} ${pdfNumber(y)} Tm ${code} Tj ET`,
    )
  }

  centred(text: string, middle: number, y: number, style: TextStyle): void {
    this.text(text, middle - this.width(text, style) / 2, y, style)
  }

  line(fromX: number, fromY: number, toX: number, toY: number, thickness: number, colour: string): void {
    const points = [fromX, fromY, toX, toY].map(pdfNumber)
    this.add(
      `q ${pdfNumber(thickness)} w ${colourOperands(colour)} RG ${points[0]} ${points[1]} m ${points[2]} ${points[3]} l S Q`,
    )
  }

  get bytes(): string {
    return this.#operators.join('\n')
  }
}

/** Writes one page. @param resources the entries of its resource dictionary */
export async function writePage(
  writer: PdfWriter,
  pageTree: ObjectNumber,
  size: { readonly width: number; readonly height: number },
  content: string,
  resources: string,
): Promise<ObjectNumber> {
  const stream = writer.reserve()
  await writer.deflatedStream(stream, '', content)
  const page = writer.reserve()
  await writer.object(
    page,
    `<< /Type /Page /Parent ${reference(pageTree)} /MediaBox [0 0 ${pdfNumber(size.width)} ${pdfNumber(size.height)}] ` +
      `/Resources << ${resources} >> /Contents ${reference(stream)} >>`,
  )
  return page
}
