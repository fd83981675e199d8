import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { samplePdf, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { type Body, objectStream, row, stream } from './pdf-bytes.ts'

/** Cross-reference sections in which other readers find another page than we do: the page that was signed, or none. */
const office = testOffice()
const folder = temporaryFolder('disputed-sections-')
let counter = 0
const newFile = () => folder.file(`${++counter}.pdf`)
let signed = Buffer.alloc(0)
let page = 0
let pageText = ''
let trailer = ''
beforeAll(async () => {
  const [plain, own] = [newFile(), newFile()]
  writeFileSync(plain, await samplePdf())
  await signFile(office, office.chairman, plain, own)
  signed = readFileSync(own)
  const document = PdfDocument.open(new MemorySource(signed))
  const found = findPage(document, 1)
  page = found.reference.number
  pageText = objectToken(found.dictionary).toString()
  trailer = `/Size 991 /Root ${document.catalogReference.number} 0 R /Prev ${document.sections[0]?.offset}`
})
afterAll(() => folder[Symbol.dispose]())

const FORGED = '<< /Type /Page /MediaBox [0 0 9 9] >>'
const XREF = '/Type /XRef /W [1 4 1]'

/** What is added behind the signed file, and where it stands. */
class Appended {
  readonly #parts: Buffer[] = [signed]
  readonly places = new Map<number, number>()
  get length(): number {
    return this.#parts.reduce((sum, { length }) => sum + length, 0)
  }
  at(number: number): number {
    return this.places.get(number) ?? 0
  }
  put(number: number, body: Body): this {
    this.places.set(number, this.length)
    this.#parts.push(Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')]))
    return this
  }
  /** @param more of the trailer @param first lines of the table before its own */
  table(numbers: readonly number[], more: string, first = ''): Buffer {
    const rows = numbers.map(number => `${number} 1\n${String(this.at(number)).padStart(10, '0')} 00000 n \n`)
    const end = `xref\n${first}${rows.join('')}trailer\n<< ${trailer} ${more} >>\nstartxref\n${this.length}\n%%EOF\n`
    return Buffer.concat([...this.#parts, Buffer.from(end)])
  }
  /** @param last the entry of object 960, if any */
  streamed(numbers: readonly number[], more: string, last?: Buffer, own = 990): Buffer {
    const index = numbers.map(number => `${number} 1`).join(' ') + (last ? ' 960 1' : '')
    const rows = [...numbers.map(number => row(1, this.at(number), 0)), last ?? Buffer.alloc(0)]
    const start = this.length
    this.put(own, stream(`${XREF} /Index [${index}] ${trailer} ${more}`, Buffer.concat(rows)))
    return Buffer.concat([...this.#parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)])
  }
}

/** Another page of the same number, in a section that only some readers come to; object 951. */
const forged = () =>
  new Appended()
    .put(950, objectStream([[page, FORGED]]))
    .put(951, stream(`${XREF} /Index [${page} 1] /Size 991`, row(2, 950, 0)))

test.each<[string, () => Buffer]>([
  [
    'the place of /XRefStm behind a reference',
    () => {
      const update = forged()
      return update.put(952, `${update.at(951)}`).table([950, 951, 952], '/XRefStm 952 0 R')
    },
  ],
  [
    'an /XRefStm that leads on to a /Prev of its own',
    () => {
      const update = forged()
      const side = stream(`${XREF} /Index [980 1] /Size 991 /Prev ${update.at(951)}`, row(0, 0, 0))
      return update.put(952, side).table([950, 951, 952], `/XRefStm ${update.at(952)}`)
    },
  ],
  [
    'an /XRefStm in a cross-reference stream',
    () => {
      const update = forged()
      return update.streamed([950, 951], `/XRefStm ${update.at(951)}`)
    },
  ],
  [
    'an object that the table calls free, and /XRefStm does not',
    () => {
      const update = new Appended()
        .put(950, objectStream([[page, pageText]]))
        .put(951, stream(`${XREF} /Index [${page} 1] /Size 991`, row(2, 950, 0)))
      return update.table([950, 951], `/XRefStm ${update.at(951)}`, `${page} 1\n0000000000 65535 f \n`)
    },
  ],
  ['more entries than there are rows', () => new Appended().put(950, '<< >>').streamed([950], '/Index# [950 1 960 5]')],
  ['an entry of a kind that nobody knows', () => new Appended().put(950, '<< >>').streamed([950], '', row(7, 0, 0))],
  [
    'a second trailer, in a stream',
    () => {
      const second = Buffer.from(`\ntrailer\n<< /Root 950 0 R >>\n`)
      return new Appended().put(950, '<< /Pages 1 0 R >>').put(951, stream('', second)).table([950, 951], '')
    },
  ],
  [
    'an object stream that holds more than is listed',
    () => new Appended().put(950, objectStream([[page, FORGED]])).table([950], ''),
  ],
  ["a cross-reference stream under the page's number", () => new Appended().streamed([], '', row(0, 0, 0), page)],
  ['a second catalogue', () => new Appended().put(950, '<< /Type /Catalog /Pages 1 0 R >>').table([950], '')],
  ['a section that nothing leads to', () => forged().table([950, 951], '')],
])('%s', async (_, make) => {
  const path = newFile()
  const text = make().toString('latin1')
  writeFileSync(path, Buffer.from(text.replace(/\/Index (\[950 1\])(.*)\/Index# (\[.*?\])/, '/Index $3$2'), 'latin1'))
  expect(await verifyPdf(path, office.trust)).toMatchObject({
    valid: false,
    signatures: [{ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' }],
  })
})

test.each<[string, () => Buffer]>([
  ['a table', () => new Appended().put(950, '<< >>').table([950], '')],
  ['a cross-reference stream', () => new Appended().put(950, '<< >>').streamed([950], '')],
  [
    'a hybrid one for what is new',
    () => {
      const update = new Appended()
        .put(950, objectStream([[960, '<< >>']]))
        .put(951, stream(`${XREF} /Index [960 1] ${trailer}`, row(2, 950, 0)))
      return update.table([950, 951], `/XRefStm ${update.at(951)}`, '960 1\n0000000000 65535 f \n')
    },
  ],
])('what all readers take alike is no change: %s', async (_, make) => {
  const path = newFile()
  writeFileSync(path, make())
  expect(await verifyPdf(path, office.trust)).toMatchObject({ valid: true, signatures: [{ changesAfter: 'none' }] })
})

test.each([
  ['a minus within it', '0-300'],
  ['two signs', '--0'],
  ['nothing but a sign', '-'],
])('a number on which readers do not agree, where a nought was: %s', async (_, number) => {
  const path = newFile()
  const odd = pageText.replace(/(\/MediaBox\s*\[\s*)0 /, `$1${number} `)
  expect(odd).not.toBe(pageText)
  writeFileSync(path, new Appended().put(page, odd).table([page], ''))
  expect(await verifyPdf(path, office.trust)).toMatchObject({
    valid: false,
    signatures: [{ changes: [{ kind: 'object-changed' }] }],
  })
})
