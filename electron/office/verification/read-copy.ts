import { SigningError } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { is, isName, type PdfDictionary, type PdfObject } from '../../../native-signing/pdf/objects.ts'
import { findPage, pageCount, toRectangle } from '../../../native-signing/pdf/page-tree.ts'
import { FileSource } from '../../../native-signing/pdf/source.ts'
import { type CopyMetadata, readCopyMetadata } from '../../document/copy-metadata.ts'
import { type PageFont, readStatement, type StatementOnPage } from '../../document/read-statement.ts'
import type { Rectangle } from '../../document/types.ts'

/** What a file says of itself as a certified copy: in its metadata, and on its last page. */
export interface CopyFacts {
  /** As they were signed. */
  readonly metadata: CopyMetadata | null
  /** Later updates may change a file's description; then this differs. */
  readonly metadataNow: CopyMetadata | null
  /** Null where the last page is not as this program makes it. */
  readonly statement: StatementOnPage | null
  /** Something laid over the page, such as another signature's picture, hides the statement or a part of it. */
  readonly statementCovered: boolean
  readonly pageCount: number
}

/**
 * Reads what the file says of itself as a certified copy.
 * @param signedEnd end of the signer's revision; null where there is none
 * @throws SigningError as `verifyPdf`
 */
export function readCopy(path: string, signedEnd: number | null, password?: string): CopyFacts {
  using source = new FileSource(path)
  const document = PdfDocument.open(source, password)
  const signed = signedEnd === null ? document : readOr(null, () => document.cutAt(signedEnd))
  const pages = readOr(0, () => pageCount(document))
  const statement = readOr(null, () => statementOf(document, pages))
  return {
    metadata: signed && readOr(null, () => metadataOf(signed)),
    metadataNow: readOr(null, () => metadataOf(document)),
    statement,
    statementCovered: statement !== null && readOr(true, () => isCovered(document, pages, statement.place)),
    pageCount: pages,
  }
}

/** Files of any maker are read here: what is not as it should be gives `otherwise`. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof SigningError) return otherwise
    throw error
  }
}

function metadataOf(document: PdfDocument): CopyMetadata | null {
  const packet = document.get(document.catalog, 'Metadata')
  return is(packet, 'stream') ? readCopyMetadata(Buffer.from(document.streamData(packet)).toString('utf8')) : null
}

function statementOf(document: PdfDocument, number: number): StatementOnPage | null {
  const page = findPage(document, number)
  const content = document.get(page.dictionary, 'Contents')
  const resources = document.dictionary(page.dictionary.entries.get('Resources'))
  const fonts = resources && document.dictionary(resources.entries.get('Font'))
  if (!is(content, 'stream') || !fonts || page.rotation !== 0 || page.dictionary.entries.has('UserUnit')) return null
  const read = new Map<string, PageFont>()
  for (const [name, font] of fonts.entries) {
    const found = fontOf(document, font)
    if (found) read.set(name, found)
  }
  return readStatement({
    content: Buffer.from(document.streamData(content)).toString('latin1'),
    box: page.box,
    fonts: read,
  })
}

/** A font as this program embeds it: codes of two bytes are the glyphs' own numbers. */
function fontOf(document: PdfDocument, object: PdfObject): PageFont | null {
  const font = document.dictionary(object)
  const descendants = font && document.get(font, 'DescendantFonts')
  const descendant = is(descendants, 'array') ? document.dictionary(descendants.items[0]) : null
  const descriptor = descendant && document.dictionary(descendant.entries.get('FontDescriptor'))
  if (!font || !descendant || !descriptor) return null
  const plain =
    isName(font.entries.get('Subtype'), 'Type0') &&
    isName(font.entries.get('Encoding'), 'Identity-H') &&
    isName(descendant.entries.get('Subtype'), 'CIDFontType2') &&
    isName(descendant.entries.get('CIDToGIDMap'), 'Identity')
  const unicode = document.get(font, 'ToUnicode')
  const program = document.get(descriptor, 'FontFile2')
  const widths = widthsOf(document, descendant)
  if (!plain || !widths || !is(unicode, 'stream') || !is(program, 'stream')) return null
  return {
    unicode: Buffer.from(document.streamData(unicode)).toString('latin1'),
    program: document.streamData(program),
    widths,
  }
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

function isCovered(document: PdfDocument, number: number, place: Rectangle): boolean {
  const annotations = document.get(findPage(document, number).dictionary, 'Annots')
  const items = is(annotations, 'array') ? annotations.items : []
  return items.some(item => {
    const annotation = document.dictionary(item)
    const over = annotation && toRectangle(document, annotation.entries.get('Rect'))
    return (
      over !== null &&
      Math.min(over.x + over.width, place.x + place.width) > Math.max(over.x, place.x) &&
      Math.min(over.y + over.height, place.y + place.height) > Math.max(over.y, place.y)
    )
  })
}
