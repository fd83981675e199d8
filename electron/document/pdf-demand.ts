import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFName,
  type PDFObject,
  type PDFPage,
  PDFRawStream,
  PDFRef,
} from 'pdf-lib'
import { DocumentError } from './errors.ts'
import { PIXEL_LIMIT } from './import.ts'
import { inlinePicture } from './pdf-inline-picture.ts'
import { OperationReader } from './pdf-operations.ts'
import { decodeBounded, listed, numberOf } from './pdf-stream.ts'

/** Operators that one page may run, those of what it draws again each time. The busiest land map of a cadastre has some hundred thousand. */
const OPERATIONS = 1_000_000
/** Forms, patterns, masks and written letters that one page may draw. */
const DRAWINGS = 100_000
/** How deep they may lie in one another. */
const DEPTH = 24
/** Bytes of one decoded stream that is no picture: fonts for Chinese have 20 MB. */
const STREAM_BYTES = 48 * 2 ** 20
/** Bytes of the points of a shading. */
const MESH_BYTES = 2 ** 20
/** Bytes of all decoded streams that one page brings. */
const PAGE_BYTES = 128 * 2 ** 20
/** Objects that one page brings. */
const PAGE_OBJECTS = 200_000

/** What lies behind these is not the page's own, or is not drawn. */
const NOT_DRAWN = new Set(
  ['Parent', 'P', 'Popup', 'IRT', 'Dest', 'A', 'AA', 'PA', 'B', 'Metadata', 'PieceInfo', 'Thumb', 'Next', 'Prev'].map(
    name => PDFName.of(name),
  ),
)

/** Work that a drawing costs, and the pictures in it. */
interface Demand {
  readonly operations: number
  readonly drawings: number
  readonly pixels: number
}
const NOTHING: Demand = { operations: 0, drawings: 0, pixels: 0 }

const plus = (one: Demand, other: Demand, times = 1): Demand => ({
  operations: one.operations + other.operations * times,
  drawings: one.drawings + other.drawings * times,
  pixels: one.pixels + other.pixels * times,
})

/** @throws DocumentError page-asks-too-much */
function checked(demand: Demand): Demand {
  if (demand.operations > OPERATIONS || demand.drawings > DRAWINGS || demand.pixels > PIXEL_LIMIT)
    throw new DocumentError('page-asks-too-much')
  return demand
}

/**
 * Counts what the pages of a file would have a reader do, before any reader does it: operators run, things drawn within one another, pixels,
 * bytes that come out of compressed streams. What is drawn twice is counted twice and read once.
 */
export class PdfDemand {
  readonly #document: PDFDocument
  readonly #known = new Map<PDFObject, Demand>()
  readonly #underWay = new Set<PDFObject>()
  readonly #measured = new Set<PDFObject>()
  readonly #seen = new Set<PDFRawStream>()
  #pictures: PDFRawStream[] = []

  constructor(document: PDFDocument) {
    this.#document = document
  }

  /**
   * The pictures that the page draws and no page before it has drawn.
   * @throws DocumentError page-asks-too-much; pdf-damaged where its content is missing, cut or broken
   */
  page(page: PDFPage): readonly PDFRawStream[] {
    this.#measure(page.node)
    this.#pictures = []
    const resources = page.node.Resources() ?? null
    const contents = page.node.has(PDFName.of('Contents')) ? page.node.lookup(PDFName.of('Contents')) : undefined
    if (page.node.has(PDFName.of('Contents')) && !contents) throw new DocumentError('pdf-damaged')
    let demand = NOTHING
    for (const part of listed(contents)) {
      if (!(part instanceof PDFRawStream)) throw new DocumentError('pdf-damaged')
      demand = checked(plus(demand, this.#content(part, resources, 0)))
    }
    for (const annotation of listed(page.node.lookup(PDFName.of('Annots'))))
      if (annotation instanceof PDFDict) demand = checked(plus(demand, this.#appearance(annotation)))
    return this.#pictures
  }

  #appearance(annotation: PDFDict): Demand {
    const appearances = annotation.lookup(PDFName.of('AP'))
    const normal = appearances instanceof PDFDict ? appearances.lookup(PDFName.of('N')) : undefined
    const states = normal instanceof PDFDict ? normal.values().map(value => this.#looked(value)) : [normal]
    return states.reduce<Demand>((sum, state) => plus(sum, this.#drawn(state, null, 0)), NOTHING)
  }

  /** What drawing a form, a pattern or a letter costs. A drawing within itself has no end. */
  #drawn(object: PDFObject | undefined, outer: PDFDict | null, depth: number): Demand {
    if (!(object instanceof PDFRawStream)) return NOTHING
    const known = this.#known.get(object)
    if (known) return known
    if (depth > DEPTH || this.#underWay.has(object)) throw new DocumentError('page-asks-too-much')
    this.#underWay.add(object)
    const own = object.dict.lookup(PDFName.of('Resources'))
    const content = this.#content(object, own instanceof PDFDict ? own : outer, depth + 1)
    this.#underWay.delete(object)
    const demand = checked(plus(content, { ...NOTHING, drawings: 1 }))
    this.#known.set(object, demand)
    return demand
  }

  #content(stream: PDFRawStream, resources: PDFDict | null, depth: number): Demand {
    const operations = new OperationReader(decodeBounded(stream, STREAM_BYTES).bytes)
    let demand = NOTHING
    let letter: Demand | null = null
    const named = (kind: string, name: string | null) => {
      const all = name === null ? undefined : resources?.lookup(PDFName.of(kind))
      return all instanceof PDFDict && name !== null ? all.lookup(PDFName.of(name)) : undefined
    }
    for (let each = operations.next(); each; each = operations.next()) {
      const { operator, name, shown, inline } = each
      demand = plus(demand, { ...NOTHING, operations: 1 })
      if (inline) demand = plus(demand, this.#picture(inlinePicture(inline, this.#document.context)))
      switch (operator) {
        case 'Do':
          demand = plus(demand, this.#external(named('XObject', name), resources, depth))
          break
        case 'gs':
          demand = plus(demand, this.#mask(named('ExtGState', name), resources, depth))
          break
        case 'scn':
        case 'SCN':
          if (name !== null) demand = plus(demand, this.#drawn(named('Pattern', name), resources, depth))
          break
        case 'Tf':
          letter = this.#letter(named('Font', name), resources, depth)
          break
        case 'Tj':
        case 'TJ':
        case "'":
        case '"':
          // Text without a font is drawn by nobody.
          if (!letter && shown > 0) throw new DocumentError('pdf-damaged')
          if (letter) demand = plus(demand, letter, shown)
      }
      checked(demand)
    }
    return demand
  }

  /** @throws DocumentError pdf-damaged where it is not there: a page that lacks a part is no copy */
  #external(object: PDFObject | undefined, resources: PDFDict | null, depth: number): Demand {
    if (!(object instanceof PDFRawStream)) throw new DocumentError('pdf-damaged')
    if (object.dict.lookup(PDFName.of('Subtype')) !== PDFName.of('Image')) return this.#drawn(object, resources, depth)
    const shown = [object, ...['SMask', 'Mask'].map(key => object.dict.lookup(PDFName.of(key)))]
    return shown.reduce<Demand>(
      (sum, picture) => (picture instanceof PDFRawStream ? plus(sum, this.#picture(picture)) : sum),
      NOTHING,
    )
  }

  #picture(picture: PDFRawStream): Demand {
    if (!this.#seen.has(picture)) this.#pictures.push(picture)
    this.#seen.add(picture)
    return { ...NOTHING, pixels: numberOf(picture.dict, 'Width', 0) * numberOf(picture.dict, 'Height', 0) }
  }

  #mask(state: PDFObject | undefined, resources: PDFDict | null, depth: number): Demand {
    const mask = state instanceof PDFDict ? state.lookup(PDFName.of('SMask')) : undefined
    return mask instanceof PDFDict ? this.#drawn(mask.lookup(PDFName.of('G')), resources, depth) : NOTHING
  }

  /** The costliest letter of a font whose letters are drawings; null where there is no such font. */
  #letter(font: PDFObject | undefined, resources: PDFDict | null, depth: number): Demand | null {
    if (!(font instanceof PDFDict)) return null
    const letters = font.lookup(PDFName.of('CharProcs'))
    if (!(letters instanceof PDFDict)) return NOTHING
    const own = font.lookup(PDFName.of('Resources'))
    const inFont = own instanceof PDFDict ? own : resources
    return letters.values().reduce<Demand>((most, letter) => {
      const demand = this.#drawn(this.#looked(letter), inFont, depth)
      return {
        operations: Math.max(most.operations, demand.operations),
        drawings: Math.max(most.drawings, demand.drawings),
        pixels: Math.max(most.pixels, demand.pixels),
      }
    }, NOTHING)
  }

  /** Decodes, within bounds, every stream that the page brings and no page before it has brought; pictures are proven by themselves. */
  #measure(page: PDFDict): void {
    const waiting: PDFObject[] = [page]
    let bytes = 0
    let objects = 0
    for (let object = waiting.pop(); object; object = waiting.pop()) {
      const found = object instanceof PDFRef ? this.#looked(object) : object
      if (!found || this.#measured.has(found)) continue
      if (found instanceof PDFArray) waiting.push(...found.asArray())
      const dictionary = found instanceof PDFRawStream ? found.dict : found instanceof PDFDict ? found : null
      if (!dictionary && !(found instanceof PDFArray)) continue
      if (++objects > PAGE_OBJECTS) throw new DocumentError('page-asks-too-much')
      this.#measured.add(found)
      if (dictionary) for (const [key, value] of dictionary.entries()) if (!NOT_DRAWN.has(key)) waiting.push(value)
      if (found instanceof PDFRawStream && found.dict.lookup(PDFName.of('Subtype')) !== PDFName.of('Image')) {
        const mesh = found.dict.has(PDFName.of('ShadingType'))
        bytes += decodeBounded(found, mesh ? MESH_BYTES : STREAM_BYTES).bytes.byteLength
        if (bytes > PAGE_BYTES) throw new DocumentError('page-asks-too-much')
      }
    }
  }

  #looked(value: PDFObject): PDFObject | undefined {
    return value instanceof PDFRef ? this.#document.context.lookup(value) : value
  }
}
