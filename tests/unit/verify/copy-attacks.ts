import type { CopyProblem } from '../../../electron/office/verification/judge-copy.ts'
import type { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { array, dictionary, is, name, type PdfObject, type PdfReference } from '../../../native-signing/pdf/objects.ts'
import { findPage, pageCount } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import type { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import type { Edit } from './edit.ts'

export const streamOf = (text: string, entries: Readonly<Record<string, PdfObject>> = {}): PdfObject => ({
  kind: 'stream',
  dictionary: dictionary({ ...entries, Length: Buffer.byteLength(text) }),
  data: new MemorySource(Buffer.from(text)),
})

export function packetOf(document: PdfDocument): string {
  const stream = document.get(document.catalog, 'Metadata')
  return is(stream, 'stream') ? Buffer.from(document.streamData(stream)).toString('utf8') : ''
}

export function setPacket(update: IncrementalUpdate, document: PdfDocument, packet: string): void {
  const reference = document.catalog.entries.get('Metadata')
  if (is(reference, 'reference'))
    update.set(reference, streamOf(packet, { Type: name('Metadata'), Subtype: name('XML') }))
}

export function changeContent(
  update: IncrementalUpdate,
  document: PdfDocument,
  change: (content: string) => string,
): void {
  const reference = findPage(document, pageCount(document)).dictionary.entries.get('Contents')
  const stream = document.resolve(reference)
  if (is(reference, 'reference') && is(stream, 'stream'))
    update.set(reference, streamOf(change(Buffer.from(document.streamData(stream)).toString('latin1'))))
}

interface FontObjects {
  readonly unicode: PdfReference
  readonly descendant: PdfReference
  readonly descriptor: PdfReference
}

/** The objects that a face of the statement's page is made of. */
function fontObjects(document: PdfDocument, face: string): FontObjects {
  const page = findPage(document, pageCount(document)).dictionary
  const fonts = document.dictionary(document.dictionary(page.entries.get('Resources'))?.entries.get('Font'))
  const font = document.dictionary(fonts?.entries.get(face))
  const unicode = font?.entries.get('ToUnicode')
  const descendants = font?.entries.get('DescendantFonts')
  const descendant = is(descendants, 'array') ? descendants.items[0] : undefined
  const descriptor = document.dictionary(descendant)?.entries.get('FontDescriptor')
  if (!is(unicode, 'reference') || !is(descendant, 'reference') || !is(descriptor, 'reference'))
    throw new Error('not our font')
  return { unicode, descendant, descriptor }
}

function changeUnicode(update: IncrementalUpdate, document: PdfDocument, change: (map: string) => string): void {
  const { unicode } = fontObjects(document, 'regular')
  const map = document.resolve(unicode)
  if (is(map, 'stream')) update.set(unicode, streamOf(change(Buffer.from(document.streamData(map)).toString('latin1'))))
}

/** Where the number stands: its line's x and y as written. */
function numberAt(content: string): readonly [x: string, y: string] {
  const line = content.split('\n').find(each => each.includes(pieces(content)[2] ?? '-')) ?? ''
  const [, x = '', y = ''] = /1 0 0 1 ([\d.]+) ([\d.]+) Tm/.exec(line) ?? []
  return [x, y]
}

/** The operand that shows a piece of text of our own content, found by its place among the pieces. */
function pieces(content: string): readonly string[] {
  return [...content.matchAll(/<[0-9A-F]+>(?= Tj)/g)].map(([code]) => code)
}

/** Before anybody signed: what, the problem that is to be found, whether page and data agree then, and how. */
export const COPY_ATTACKS: readonly (readonly [
  what: string,
  problem: CopyProblem,
  matches: boolean | null,
  attack: Edit,
])[] = [
  [
    'whose data say another number than its page',
    'copy-number-differs',
    false,
    (update, document) =>
      setPacket(update, document, packetOf(document).replace('<copy:number>127<', '<copy:number>128<')),
  ],
  [
    'whose data say another book',
    'copy-number-differs',
    false,
    (update, document) => setPacket(update, document, packetOf(document).replace('>01/2026-SCT', '>02/2026-SCT')),
  ],
  [
    'whose data say another day',
    'copy-date-differs',
    false,
    (update, document) => setPacket(update, document, packetOf(document).replace('>2026-02-05<', '>2026-02-06<')),
  ],
  [
    'with fewer pages than were certified',
    'copy-pages-differ',
    false,
    (update, document) =>
      setPacket(update, document, packetOf(document).replace('<copy:pageCount>1<', '<copy:pageCount>2<')),
  ],
  [
    'whose data say two numbers',
    'copy-metadata-missing',
    null,
    (update, document) =>
      setPacket(update, document, packetOf(document).replace('</rdf:RDF>', '<copy:number>9</copy:number></rdf:RDF>')),
  ],
  [
    'without data',
    'copy-metadata-missing',
    null,
    (update, document) => setPacket(update, document, packetOf(document).replaceAll('copy:number', 'x:number')),
  ],
  [
    'whose number on the page is another one',
    'copy-number-differs',
    false,
    (update, document) =>
      changeContent(update, document, content => {
        const number = pieces(content)[2] ?? ''
        return content.replace(number, `<${number.slice(5, 9)}${number.slice(1, 5)}${number.slice(9)}`)
      }),
  ],
  [
    'whose statement cannot be seen',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => content.replaceAll(/[\d.]+ [\d.]+ [\d.]+ rg/g, '1 1 1 rg')),
  ],
  [
    'whose statement is drawn invisibly',
    'copy-statement-unread',
    null,
    (update, document) => changeContent(update, document, content => content.replaceAll(' Tj ET', ' 3 Tr Tj ET')),
  ],
  [
    'whose statement lies under the picture',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const [image = '', ...lines] = content.split('\n')
        return [...lines, image].join('\n')
      }),
  ],
  [
    'whose statement is moved off the page',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => content.replaceAll(/1 0 0 1 [\d.]+ /g, '1 0 0 1 900 ')),
  ],
  [
    'whose statement stands there twice',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const lines = content.split('\n')
        return [...lines, ...lines.slice(2, 6).map(line => line.replace(/ Tm/, '0 Tm'))].join('\n')
      }),
  ],
  [
    'whose letters mean others than they show',
    'copy-statement-unread',
    null,
    (update, document) =>
      // 1 and 2 change places
      changeUnicode(update, document, map =>
        map.replace('<0031>', '<00__>').replace('<0032>', '<0031>').replace('<00__>', '<0032>'),
      ),
  ],
  [
    'one of whose letters means two',
    'copy-statement-unread',
    null,
    (update, document) => changeUnicode(update, document, map => map.replace('<0031>', '<00310030>')),
  ],
  [
    'whose letters have a second meaning',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeUnicode(update, document, map =>
        map.replace('endcmap', '1 beginbfrange\n<0001> <0002> <0041>\nendbfrange\nendcmap'),
      ),
  ],
  [
    'whose letters are drawn by a second program',
    'copy-statement-unread',
    null,
    (update, document) =>
      update.amend(fontObjects(document, 'regular').descriptor, { FontFile: update.add(streamOf('%!')) }),
  ],
  [
    'whose letters are moved apart',
    'copy-statement-unread',
    null,
    (update, document) => update.amend(fontObjects(document, 'regular').descendant, { DW: 0, DW2: array([0, 0]) }),
  ],
  [
    'whose number is painted over by a thick white line',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const [, y] = numberAt(content)
        return `${content}\nq 20 w 1 1 1 RG 0 ${y} m 590 ${y} l S Q`
      }),
  ],
  [
    'whose number is struck out',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const [x, y] = numberAt(content)
        return `${content}\nq 1 w 0 0 0 RG ${x} ${Number(y) + 4} m 590 ${Number(y) + 4} l S Q`
      }),
  ],
  [
    'over whose number another one is set',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const lines = content.split('\n')
        const number = lines.find(line => line.includes(pieces(content)[2] ?? '-')) ?? ''
        return [...lines, number.replace(/<(....)(....)/, '<$2$1')].join('\n')
      }),
  ],
  [
    'beside whose number a further figure is set, a little lower',
    'copy-statement-unread',
    null,
    (update, document) =>
      changeContent(update, document, content => {
        const [x, y] = numberAt(content)
        const digit = (pieces(content)[2] ?? '').slice(1, 5)
        return `${content}\nBT /regular 13 Tf 0.7529 0 0 rg 1 0 0 1 ${x} ${Number(y) - 0.5} Tm <${digit}> Tj ET`
      }),
  ],
  [
    'whose number is too pale to be seen',
    'copy-statement-unread',
    null,
    (update, document) => changeContent(update, document, content => content.replaceAll('0.7529 0 0 rg', '1 1 0.4 rg')),
  ],
  [
    'whose person has another name on the page',
    'copy-signer-differs',
    false,
    (update, document) =>
      changeContent(update, document, content => {
        const lines = content.split('\n')
        const last = lines.at(-1) ?? ''
        return [...lines.slice(0, -1), last.replace(/<(....)(....)/, '<$2$1')].join('\n')
      }),
  ],
  [
    'whose pages are counted wrong',
    'copy-statement-unread',
    null,
    (update, document) => {
      const tree = document.catalog.entries.get('Pages')
      const page = findPage(document, 1)
      if (is(tree, 'reference'))
        update.amend(tree, { Kids: array([page.reference, update.add(dictionary({ Type: name('Page') }))]) })
    },
  ],
]
