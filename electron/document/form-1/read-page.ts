import type { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { is, isName, type PdfDictionary, type PdfObject } from '../../../native-signing/pdf/objects.ts'
import { findPage, toRectangle } from '../../../native-signing/pdf/page-tree.ts'
import type { Rectangle, StatementOnPage } from '../types.ts'
import type { PageFont } from './letters.ts'
import { overlap, readStatement } from './read-statement.ts'

/** What the page and its fonts have where this form's writer made them, and signatures were added; anything more could show something else. */
const KEYS = {
  page: ['Type', 'Parent', 'MediaBox', 'Resources', 'Contents', 'Annots'],
  resources: ['XObject', 'Font'],
  content: ['Filter', 'Length'],
  font: ['Type', 'Subtype', 'BaseFont', 'Encoding', 'DescendantFonts', 'ToUnicode'],
  descendant: [...['Type', 'Subtype', 'BaseFont', 'CIDToGIDMap', 'CIDSystemInfo', 'FontDescriptor', 'W']],
  descriptor: [
    ...['Type', 'FontName', 'Flags', 'FontBBox', 'ItalicAngle', 'Ascent', 'Descent', 'CapHeight', 'StemV', 'FontFile2'],
  ],
  program: ['Filter', 'Length', 'Length1'],
} as const

const isPlain = (dictionary: PdfDictionary, kind: keyof typeof KEYS): boolean => {
  const known: readonly string[] = KEYS[kind]
  return !dictionary.duplicateKeys && [...dictionary.entries.keys()].every(key => known.includes(key))
}

function streamOf(document: PdfDocument, object: PdfObject, kind: 'content' | 'program'): Uint8Array | null {
  return is(object, 'stream') && isPlain(object.dictionary, kind) ? document.streamData(object) : null
}

/** For every reader each object stands at one place. */
const isUndisputed = (document: PdfDocument): boolean =>
  !document.sections.some(({ entries }) => entries.contradictsItself) &&
  !document.numbers().some(number => document.isDisputed(number))

/** The statement on the last page, `number`; null where the page is not as this form's writer makes it. @throws SigningError as `verifyPdf` */
export function readLastPage(document: PdfDocument, number: number): StatementOnPage | null {
  if (!isUndisputed(document)) return null
  const page = findPage(document, number)
  const content = streamOf(document, document.get(page.dictionary, 'Contents'), 'content')
  const resources = document.dictionary(page.dictionary.entries.get('Resources'))
  const fonts = resources && document.dictionary(resources.entries.get('Font'))
  if (!content || !fonts || fonts.duplicateKeys || !isPlain(resources, 'resources')) return null
  if (page.rotation !== 0 || !isPlain(page.dictionary, 'page') || !isFlatTree(document, number)) return null
  const read = new Map<string, PageFont>()
  for (const [name, font] of fonts.entries) {
    const found = fontOf(document, font)
    if (found) read.set(name, found)
  }
  return readStatement({ content: Buffer.from(content).toString('latin1'), box: page.box, fonts: read })
}

/** All pages are in one list, which is as long as it says: else readers would disagree which page is the last one. */
function isFlatTree(document: PdfDocument, count: number): boolean {
  const root = document.dictionary(document.catalog.entries.get('Pages'))
  const kids = root && document.get(root, 'Kids')
  if (!root || root.duplicateKeys || !is(kids, 'array') || kids.items.length !== count) return false
  const numbers = kids.items.map(kid => (is(kid, 'reference') ? kid.number : null))
  return (
    new Set(numbers).size === count &&
    kids.items.every(kid => isName(document.dictionary(kid)?.entries.get('Type'), 'Page'))
  )
}

/** A font as this form's writer embeds it: codes of two bytes are the glyphs' own numbers. */
function fontOf(document: PdfDocument, object: PdfObject): PageFont | null {
  const font = document.dictionary(object)
  const descendants = font && document.get(font, 'DescendantFonts')
  const descendant =
    is(descendants, 'array') && descendants.items.length === 1 ? document.dictionary(descendants.items[0]) : null
  const descriptor = descendant && document.dictionary(descendant.entries.get('FontDescriptor'))
  if (!font || !descendant || !descriptor) return null
  const plain =
    isPlain(font, 'font') &&
    isPlain(descendant, 'descendant') &&
    isPlain(descriptor, 'descriptor') &&
    isName(font.entries.get('Subtype'), 'Type0') &&
    isName(font.entries.get('Encoding'), 'Identity-H') &&
    isName(descendant.entries.get('Subtype'), 'CIDFontType2') &&
    isName(descendant.entries.get('CIDToGIDMap'), 'Identity')
  const unicode = streamOf(document, document.get(font, 'ToUnicode'), 'content')
  const program = streamOf(document, document.get(descriptor, 'FontFile2'), 'program')
  const widths = widthsOf(document, descendant)
  if (!plain || !widths || !unicode || !program) return null
  return { unicode: Buffer.from(unicode).toString('latin1'), program, widths }
}

/** `1 [w] 2 [w] …` */
function widthsOf(document: PdfDocument, descendant: PdfDictionary): readonly number[] | null {
  const list = document.get(descendant, 'W')
  const items = is(list, 'array') ? list.items : []
  const widths: number[] = []
  for (let at = 0; at < items.length; at += 2) {
    const own = items[at + 1]
    const [width, more] = is(own, 'array') ? own.items : []
    if (items[at] !== widths.length + 1 || typeof width !== 'number' || more !== undefined) return null
    widths.push(width)
  }
  return widths
}

/** Whether something laid over the page, such as another signature's picture, hides a part of the statement. @throws SigningError as above */
export function isCovered(document: PdfDocument, number: number, places: readonly Rectangle[]): boolean {
  const annotations = document.get(findPage(document, number).dictionary, 'Annots')
  const items = is(annotations, 'array') ? annotations.items : []
  return items.some(item => {
    const annotation = document.dictionary(item)
    const over = annotation && toRectangle(document, annotation.entries.get('Rect'))
    // others than the marks of signatures may be drawn beyond their rectangle, such as lines
    const isMark = annotation && isName(document.get(annotation, 'Subtype'), 'Widget')
    return annotation !== null && (!isMark || (over !== null && places.some(place => overlap(over, place))))
  })
}
