import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeCopy, readCopyMetadata } from '../../../electron/document/copy-metadata.ts'
import { composeCertifiedCopy } from '../../../electron/document/index.ts'
import { readStatement } from '../../../electron/document/read-statement.ts'
import { type CopyVerdict, judgeCopy, verifyCopy } from '../../../electron/office/verification/judge-copy.ts'
import { readCopy } from '../../../electron/office/verification/read-copy.ts'
import { type Appearance, type SignatureVerdict, verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { dictionary, is, name, type PdfObject } from '../../../native-signing/pdf/objects.ts'
import { findPage, pageCount } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { copyRequest, STATEMENT, scannedPage } from '../../integration/document-support.ts'
import { altered, signatureImage, signFile, temporaryFolder, testOffice, testSigner } from '../signing/support.ts'

const office = testOffice()
const signer = testSigner(office.pki, { commonName: STATEMENT.signerName })
const folder = temporaryFolder('certified-copy-')
let composed = ''
let appearance: Appearance
let counter = 0
const newFile = () => folder.file(`copy-${++counter}.pdf`)

beforeAll(async () => {
  composed = newFile()
  const page = await scannedPage(folder.file('1.jpg'))
  const layout = await composeCertifiedCopy(copyRequest([page]), composed)
  appearance = { page: layout.statementPage, rectangle: layout.signatureRectangle, image: await signatureImage() }
})
afterAll(() => folder[Symbol.dispose]())

/** Signs as the office does, or with a change. */
async function sign(
  input = composed,
  { first = signer, second = office.seal, order = ['ChuKy', 'ConDau'], over = appearance.rectangle } = {},
): Promise<string> {
  const [once, twice] = [newFile(), newFile()]
  const [one = '', two = ''] = order
  await signFile(office, first, input, once, { changes: { appearance, fieldName: one } })
  await signFile(office, second, once, twice, {
    changes: { appearance: { ...appearance, rectangle: over }, fieldName: two },
  })
  return twice
}

async function judge(path: string): Promise<CopyVerdict | null> {
  return verifyCopy(path, await verifyPdf(path, office.trust))
}

/** A file with another object in place of one, as its maker could have made it before anybody signed. */
function remade(source: string, change: (update: IncrementalUpdate, document: PdfDocument) => void): string {
  return altered(source, newFile(), bytes => {
    const document = PdfDocument.open(new MemorySource(bytes))
    const update = new IncrementalUpdate(document)
    change(update, document)
    return Buffer.concat([bytes, update.write().bytes])
  })
}

const streamOf = (text: string, entries: Readonly<Record<string, PdfObject>> = {}): PdfObject => ({
  kind: 'stream',
  dictionary: dictionary({ ...entries, Length: Buffer.byteLength(text) }),
  data: new MemorySource(Buffer.from(text)),
})

function packetOf(document: PdfDocument): string {
  const stream = document.get(document.catalog, 'Metadata')
  return is(stream, 'stream') ? Buffer.from(document.streamData(stream)).toString('utf8') : ''
}

function setPacket(update: IncrementalUpdate, document: PdfDocument, packet: string): void {
  const reference = document.catalog.entries.get('Metadata')
  if (is(reference, 'reference'))
    update.set(reference, streamOf(packet, { Type: name('Metadata'), Subtype: name('XML') }))
}

function changeContent(update: IncrementalUpdate, document: PdfDocument, change: (content: string) => string): void {
  const reference = findPage(document, pageCount(document)).dictionary.entries.get('Contents')
  const stream = document.resolve(reference)
  if (is(reference, 'reference') && is(stream, 'stream'))
    update.set(reference, streamOf(change(Buffer.from(document.streamData(stream)).toString('latin1'))))
}

/** The operand that shows a piece of text of our own content, found by its place among the pieces. */
function pieces(content: string): readonly string[] {
  return [...content.matchAll(/<[0-9A-F]+>(?= Tj)/g)].map(([code]) => code)
}

describe('a certified copy', () => {
  test('signed and sealed in order: number, book and date of page and data agree', async () => {
    expect(await judge(await sign())).toEqual({
      number: '127',
      book: '01/2026-SCT/BS',
      date: '2026-02-05',
      statement: { number: '127', book: '01/2026-SCT/BS', date: '2026-02-05' },
      statementMatches: true,
      signerOk: true,
      sealOk: true,
      orderOk: true,
      wholeCopy: true,
      good: true,
      problems: [],
    })
  })

  test('with its statement on an added page, and with letters given decomposed', async () => {
    const own = newFile()
    const full = await scannedPage(folder.file('2.jpg'), { filled: 0.98 })
    const statement = { ...STATEMENT, signerName: STATEMENT.signerName.normalize('NFD'), book: '02/2026-SCT/BS Đ' }
    await composeCertifiedCopy(copyRequest([full], { statement }), own)
    expect(readCopy(own, null)).toMatchObject({
      metadata: { number: '127', book: statement.book, signerName: STATEMENT.signerName, pageCount: 2 },
      statement: { number: '127', book: '02/2026-SCT/BS Đ' },
      pageCount: 2,
    })
  })

  test('a file of another maker is none', async () => {
    const path = newFile()
    await signFile(office, signer, composed, path, { changes: { fieldName: 'Signature1' } })
    const report = await verifyPdf(path, office.trust)
    expect(judgeCopy(report.signatures, { ...readCopy(path, null), metadata: null, metadataNow: null })).toBeNull()
  })
})

describe('a copy is never good', () => {
  const attacks: readonly (readonly [
    string,
    string,
    boolean | null,
    (u: IncrementalUpdate, d: PdfDocument) => void,
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
      (update, document) => {
        const page = findPage(document, 1)
        const fonts = document.dictionary(
          document.dictionary(page.dictionary.entries.get('Resources'))?.entries.get('Font'),
        )
        const unicode = document.dictionary(fonts?.entries.get('regular'))?.entries.get('ToUnicode')
        const map = document.resolve(unicode)
        if (!is(unicode, 'reference') || !is(map, 'stream')) throw new Error('no map')
        const text = Buffer.from(document.streamData(map)).toString('latin1')
        // 1 and 2 change places
        update.set(
          unicode,
          streamOf(text.replace('<0031>', '<00__>').replace('<0032>', '<0031>').replace('<00__>', '<0032>')),
        )
      },
    ],
  ]
  test.each(attacks)('%s', async (_, problem, matches, attack) => {
    const verdict = await judge(await sign(remade(composed, attack)))
    expect(verdict).toMatchObject({ good: false, statementMatches: matches, signerOk: true, sealOk: true })
    expect(verdict?.problems).toContain(problem)
  })

  test('whose data were changed after signing, although a description may change', async () => {
    const path = remade(await sign(), (update, document) =>
      setPacket(update, document, packetOf(document).replace('<copy:number>127<', '<copy:number>1<')),
    )
    expect((await verifyPdf(path, office.trust)).valid).toBe(true)
    expect(await judge(path)).toMatchObject({
      number: '127',
      good: false,
      statementMatches: false,
      problems: ['copy-metadata-changed'],
    })
  })

  test('whose seal lies over the number', async () => {
    const { place } = readCopy(composed, null).statement ?? {}
    if (!place) throw new Error('no statement')
    expect(await judge(await sign(composed, { over: { ...place, height: 40 } }))).toMatchObject({
      good: false,
      statementMatches: null,
      problems: ['copy-statement-covered'],
    })
  })

  test.each([
    [
      'sealed before it was signed',
      { order: ['ConDau', 'ChuKy'], first: office.seal, second: signer },
      ['copy-order-wrong'],
    ],
    ['sealed by the person', { second: signer }, ['copy-seal-by-signer']],
    ['signed by somebody else', { first: office.chairman }, ['copy-signer-other-name']],
    ['never sealed', { order: ['ChuKy', 'Khac'] }, ['copy-seal-missing']],
    ['never signed', { order: ['Khac', 'ConDau'] }, ['copy-signer-missing']],
    ['signed by a stranger', { first: testSigner(testOffice().pki, { commonName: STATEMENT.signerName }) }, null],
  ])('%s', async (_, changes, problems) => {
    if (problems) {
      expect(await judge(await sign(composed, changes))).toMatchObject({ good: false, problems })
      return
    }
    const path = await sign()
    const verdicts = (await verifyPdf(path, { trustAnchors: [] })).signatures
    expect(judgeCopy(verdicts, readCopy(path, null))).toMatchObject({
      good: false,
      statementMatches: true,
      problems: ['copy-signer-not-valid', 'copy-seal-not-valid'],
    })
  })

  test('whose signature does not cover it', () => {
    const verdict = (field: string, revisionEnd: number): SignatureVerdict => ({
      ...{ field, kind: 'signature', signer: null, signerName: '', claimedTime: null, provenTime: null, level: null },
      ...{ integrity: 'broken', coverage: 'partial', changesAfter: 'none', changes: [], indication: 'TOTAL-FAILED' },
      ...{ subIndication: null, messages: [], revisionEnd },
    })
    const facts = readCopy(composed, null)
    expect(judgeCopy([verdict('ChuKy', 1), verdict('ConDau', 2)], facts)?.problems).toContain('copy-not-whole')
  })
})

describe('reading', () => {
  const copy = { ...STATEMENT, officeName: 'A & B <C>', pageCount: 3 }

  test('what is written is read again, signs of XML too', () => {
    expect(readCopyMetadata(describeCopy(copy))).toEqual({ ...copy, signerTitle: undefined })
  })

  test.each(['', '<copy:number>1</copy:number>', 'xmlns:copy="urn:other"'])('no data in %j', packet => {
    expect(readCopyMetadata(packet)).toBeNull()
  })

  test('content of any other form is not taken for a statement', () => {
    const box = { x: 0, y: 0, width: 600, height: 800 }
    for (const content of ['', 'BT ET', 'q 1 0 0 1 0 0 cm /Image Do Q', '\0'.repeat(1000)])
      expect(readStatement({ content, box, fonts: new Map() })).toBeNull()
    expect(readFileSync(composed).includes('/Encrypt')).toBe(false)
  })
})
