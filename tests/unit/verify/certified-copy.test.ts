import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeCopy, readCopyMetadata } from '../../../electron/document/form-1/metadata.ts'
import { readStatement } from '../../../electron/document/form-1/read-statement.ts'
import { composeCertifiedCopy } from '../../../electron/document/index.ts'
import { type CopyVerdict, judgeCopy, verifyCopy } from '../../../electron/office/verification/judge-copy.ts'
import { readCopy } from '../../../electron/office/verification/read-copy.ts'
import { type Appearance, type SignatureVerdict, verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { acroForm, formFields } from '../../../native-signing/pdf/form.ts'
import {
  array,
  dictionary,
  is,
  name,
  type PdfObject,
  textString,
  withEntries,
} from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { copyRequest, STATEMENT, scannedPage } from '../../integration/document-support.ts'
import { altered, signatureImage, signFile, temporaryFolder, testOffice, testSigner } from '../signing/support.ts'
import { COPY_ATTACKS, changeContent, packetOf, setPacket, streamOf } from './copy-attacks.ts'
import { type Edit, edited } from './edit.ts'
import { compressed, objectStream, row, type Section, withSection } from './pdf-bytes.ts'

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
const remade = (source: string, edit: Edit): string => edited(source, newFile(), edit)

describe('a certified copy', () => {
  test('signed and sealed in order: number, book and date of page and data agree', async () => {
    expect(await judge(await sign())).toEqual({
      number: '127',
      book: '01/2026-SCT/BS',
      date: '2026-02-05',
      chain: { sequence: 412, hash: 'c0de'.repeat(16) },
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
    expect(judgeCopy(report.signatures, { ...readCopy(path, null), form: null })).toBeNull()
  })
})

describe('a copy is never good', () => {
  test.each(COPY_ATTACKS)('%s', async (_, problem, matches, attack) => {
    const verdict = await judge(await sign(remade(composed, attack)))
    expect(verdict).toMatchObject({ good: false, statementMatches: matches, signerOk: true, sealOk: true })
    expect(verdict?.problems).toContain(problem)
  })

  test.each(['in an object stream', 'in the file'])('whose pages stand twice %s', async where => {
    const document = PdfDocument.open(new MemorySource(readFileSync(composed)))
    const pages = document.catalog.entries.get('Pages')
    if (!is(pages, 'reference')) throw new Error('no pages')
    const { number } = pages
    const own = objectToken(document.resolve(pages))
    const other = '<< /Type /Pages /Kids [] /Count 0 >>'
    const entry = document.entry(number)
    const old = entry?.kind === 'offset' ? entry.offset : 0
    const twice: Section = where.includes('stream')
      ? ([
          {
            980: objectStream([
              [number, other],
              [number, own],
            ]),
          },
          [compressed(number, 980, 1)],
        ] as const)
      : [{ [number]: other }, [[number, row(1, old, 0)]]]
    const path = altered(composed, newFile(), bytes => withSection(bytes, ...twice))
    expect(await judge(await sign(path))).toMatchObject({ good: false, problems: ['copy-statement-unread'] })
  })

  const named = (form: string) => (packet: string) => packet.replace('<copy:form>1</copy:form>', form)

  test.each([
    ['of a newer program', '<copy:form>9999</copy:form>', 'copy-form-unknown'],
    ['of a trial version, without a form', '', 'copy-form-missing'],
    ['that names two forms', '<copy:form>1</copy:form><copy:form>2</copy:form>', 'copy-form-missing'],
    ['that names no number', '<copy:form>one</copy:form>', 'copy-form-missing'],
  ])('%s: neither read by rules that are not its own, nor called forged', async (_, form, problem) => {
    const path = remade(composed, (update, document) => setPacket(update, document, named(form)(packetOf(document))))
    const verdict = { number: null, chain: null, statement: null, statementMatches: null, good: false }
    expect(await judge(await sign(path))).toMatchObject({
      ...verdict,
      orderOk: true,
      wholeCopy: true,
      problems: [problem],
    })
    expect(judgeCopy([], readCopy(path, null))).toEqual(problem === 'copy-form-unknown' ? expect.anything() : null)
  })

  test('whose form was changed after signing: it is read by the one that was signed', async () => {
    const path = remade(await sign(), (update, document) =>
      setPacket(update, document, named('<copy:form>2</copy:form>')(packetOf(document))),
    )
    expect(await judge(path)).toMatchObject({
      number: '127',
      statementMatches: false,
      problems: ['copy-metadata-changed'],
    })
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
    const [place] = readCopy(composed, null).statement?.places ?? []
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
    ['sealed by the person', { second: signer }, ['copy-seal-other-name', 'copy-seal-by-signer']],
    ['signed by somebody else', { first: office.chairman }, ['copy-signer-other-name']],
    [
      'sealed by another office',
      { second: testSigner(office.pki, { kind: 'organisation', commonName: 'UBND XÃ THANH HÒA (MẪU)' }) },
      ['copy-seal-other-name'],
    ],
    ['sealed by another person of the office', { second: office.chairman }, ['copy-seal-other-name']],
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

  /** A copy with something more on its page, among the annotations and perhaps in the form. */
  const withAnnotation = (entries: Readonly<Record<string, PdfObject>>, inForm: boolean) =>
    remade(composed, (update, document) => {
      const page = findPage(document, 1)
      const added = update.add(dictionary({ Type: name('Annot'), P: page.reference, ...entries }))
      update.amend(page.reference, { Annots: array([added]) })
      if (inForm)
        update.amend(document.catalogReference, { AcroForm: update.add(dictionary({ Fields: array([added]) })) })
    })

  test('on which something can be drawn that is no mark of a signature', async () => {
    const line = { Subtype: name('Line'), Rect: array([0, 0, 1, 1]), L: array([250, 437, 600, 437]) }
    const verdict = await judge(await sign(withAnnotation(line, false)))
    expect(verdict).toMatchObject({ good: false, problems: ['copy-statement-covered'] })
  })

  test('in which a form was filled in after signing', async () => {
    const field = { Subtype: name('Widget'), FT: name('Tx'), T: textString('x'), Rect: array([0, 600, 595, 842]) }
    const signed = await sign(withAnnotation(field, true))
    expect(await judge(signed)).toMatchObject({ good: true })
    const filled = remade(signed, (update, document) => {
      const { reference } = formFields(document).find(each => each.name === 'x') ?? {}
      const look = streamOf('BT ET', { Subtype: name('Form'), BBox: array([0, 0, 595, 242]) })
      if (reference) update.amend(reference, { V: textString('x'), AP: dictionary({ N: update.add(look) }) })
    })
    expect((await verifyPdf(filled, office.trust)).signatures[0]?.changes.map(({ kind }) => kind)).toContain(
      'form-filled',
    )
    expect(await judge(filled)).toMatchObject({ good: false, wholeCopy: false, problems: ['copy-not-whole'] })
  })

  test('which somebody signs once more: only a valid signature that shows nothing leaves it good', async () => {
    const signed = await sign()
    const third = async (rectangle: Appearance['rectangle'] | null, by = office) => {
      const path = newFile()
      const changes = { ...(rectangle && { appearance: { ...appearance, rectangle } }), fieldName: 'Third' }
      await signFile(by, by.chairman, signed, path, { changes })
      return judge(path)
    }
    expect(await third(null)).toMatchObject({ good: true })
    expect(await third(null, testOffice())).toMatchObject({ problems: ['copy-not-whole'] })
    // The size of one word: a mark of 6.5 becomes one of 9.5.
    expect(await third({ x: 300, y: 600, width: 20, height: 12 })).toMatchObject({ problems: ['copy-not-whole'] })
    expect(await third({ x: 0, y: 500, width: 595, height: 342 })).toMatchObject({ problems: ['copy-not-whole'] })
  })

  test.each([2, 4])('of whose later signature only the second of two pictures is seen (first: /F %i)', async flags => {
    const shown = remade(await sign(), (update, document) => {
      const page = findPage(document, 1)
      const annotations = document.get(page.dictionary, 'Annots')
      const form = acroForm(document)
      const fields = document.get(form ?? dictionary({}), 'Fields')
      const field = update.reserve()
      const look = dictionary({
        N: update.add(streamOf('BT ET', { Subtype: name('Form'), BBox: array([0, 0, 9, 9]) })),
      })
      const widget = (Rect: readonly number[], F: number) => {
        const entries = { Type: name('Annot'), Subtype: name('Widget'), Parent: field, P: page.reference, AP: look }
        return update.add(dictionary({ ...entries, Rect: array(Rect), F }))
      }
      // hidden, or of no size
      const widgets = [widget(flags === 2 ? [9, 9, 50, 50] : [0, 0, 0, 0], flags), widget([300, 600, 320, 612], 4)]
      const value = update.add(dictionary({ Type: name('Sig'), SubFilter: name('ETSI.CAdES.detached') }))
      update.set(field, dictionary({ FT: name('Sig'), T: textString('Third'), Kids: array(widgets), V: value }))
      const items = (object: PdfObject) => (is(object, 'array') ? object.items : [])
      update.amend(page.reference, { Annots: array([...items(annotations), ...widgets]) })
      const own = withEntries(form ?? dictionary({}), { Fields: array([...items(fields), field]) })
      update.amend(document.catalogReference, { AcroForm: own })
    })
    const { signatures } = await verifyPdf(shown, office.trust)
    // Where it is shown decides; this one is no signature besides, which is another finding.
    const added = signatures.find(({ field }) => field === 'ConDau')?.changes
    expect(added).toMatchObject([{ rectangle: { x: 300, y: 600, width: 20, height: 12 } }])
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

describe('a copy with its statement on an added page', () => {
  let own = ''
  beforeAll(async () => {
    own = newFile()
    await composeCertifiedCopy(copyRequest([await scannedPage(folder.file('3.jpg'))], { placement: 'new-page' }), own)
  })
  const facts = (change: (content: string) => string) =>
    readCopy(
      remade(own, (update, document) => changeContent(update, document, change)),
      null,
    )

  test('says of itself which office and how many pages', () => {
    expect(readCopy(own, null).statement).toMatchObject({
      officeName: STATEMENT.officeName.toLocaleUpperCase('vi'),
      signerName: STATEMENT.signerName,
      originalPages: 1,
    })
  })

  test.each([
    [
      'ỦY BAN NHÂN DÂN ĐẶC KHU '.repeat(5),
      'Giấy xác nhận Ậ|∫ỗg_y, "số 5"; '.repeat(9),
      ['KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
    ],
    ['X', 'Q', ['TUQ. CHỦ TỊCH ỦY BAN NHÂN DÂN', 'TRƯỞNG PHÒNG TƯ PHÁP VÀ HỘ TỊCH, KIÊM VIỆC']],
    ['Ở', 'i', ['T']],
  ])('is read whatever its words are: office %j', async (officeName, title, signerTitle) => {
    for (const signerName of ['Công Tằng Tôn Nữ Thị Phương Trang Nguyễn Đặng Quỳnh Ỷ Nhi (mẫu)', 'A'.repeat(60), 'Ý']) {
      for (const placement of ['new-page', 'last-page'] as const) {
        const path = newFile()
        const statement = { ...STATEMENT, officeName, signerTitle, signerName }
        const pages = [await scannedPage(folder.file('4.jpg'), { filled: 0.1 })]
        await composeCertifiedCopy(copyRequest(pages, { statement, placement, title, sealDiameterMm: 20 }), path)
        expect(judgeCopy([], readCopy(path, null))).toMatchObject({ statementMatches: true })
      }
    }
  })

  test('is not good with another office over it, or another number of pages', () => {
    const office = facts(content => content.replace(/<(....)(....)/, '<$2$1'))
    expect(judgeCopy([], office)?.problems).toContain('copy-office-differs')
    const whole = readCopy(own, null)
    const longer = { ...whole, metadata: whole.metadata && { ...whole.metadata, pageCount: 3 }, pageCount: 3 }
    expect(judgeCopy([], { ...longer, metadataNow: longer.metadata })).toMatchObject({ statementMatches: false })
  })

  test('is unread where anything else stands before the statement', () => {
    expect(facts(content => content.split('\n').slice(4).join('\n')).statement).toBeNull()
    expect(facts(content => content.replace(/^(.*)$/m, '$1\n$1')).statement).toBeNull()
  })
})

describe('reading', () => {
  const { signerTitle: _, ...register } = STATEMENT
  const chain = { sequence: 412, hash: 'c0de'.repeat(16) }
  const copy = { ...register, officeName: 'A & B <C>', pageCount: 3, chain }

  test('what is written is read again, signs of XML too', () => {
    expect(readCopyMetadata(describeCopy(copy))).toEqual(copy)
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

  test('a megabyte of what never ends is refused at once', () => {
    const box = { x: 0, y: 0, width: 600, height: 800 }
    const much = 1_000_000
    for (const content of [`BT /regular ${'1'.repeat(much)}`, `q ${'1 '.repeat(much)}`, 'q 1 w\n'.repeat(much / 6)])
      expect(readStatement({ content, box, fonts: new Map() })).toBeNull()
    const head = describeCopy(copy)
    for (const part of ['<copy:number ', '<copy:number>', '<copy:book', 'copy:date'])
      expect(readCopyMetadata(head + part.repeat(much / part.length))).toBeNull()
  })
})
