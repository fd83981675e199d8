import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { array, reference } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { samplePdf, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { edited } from './edit.ts'
import { type Body, row, stream } from './pdf-bytes.ts'

const office = testOffice()
const folder = temporaryFolder('object-streams-')
let counter = 0
const newFile = () => folder.file(`${++counter}.pdf`)
let plain = ''
let signed = ''
beforeAll(async () => {
  plain = newFile()
  signed = newFile()
  writeFileSync(plain, await samplePdf({ objectStreams: true }))
  await signFile(office, office.chairman, plain, signed)
})
afterAll(() => folder[Symbol.dispose]())

const open = (path: string) => PdfDocument.open(new MemorySource(readFileSync(path)))
/** An object stream of these objects, in this order. */
function objectStream(objects: readonly (readonly [number: number, object: string])[]): Buffer {
  let [head, body] = ['', '']
  for (const [number, object] of objects) {
    head += `${number} ${body.length} `
    body += `${object} `
  }
  return stream(`/Type /ObjStm /N ${objects.length} /First ${head.length}`, Buffer.from(head + body))
}

/** The file with one more section: objects of their own, and others that an object stream holds, as the section says at which index. */
function appended(
  source: string,
  objects: Readonly<Record<number, Body>>,
  compressed: Readonly<Record<number, readonly [stream: number, index: number]>>,
  more = '',
): string {
  const bytes = readFileSync(source)
  const document = open(source)
  const parts: Buffer[] = [bytes]
  let at = bytes.length
  const add = (number: number, body: Body) => {
    const object = Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    parts.push(object)
    at += object.length
  }
  const rows = new Map<number, Buffer>()
  for (const [number, body] of Object.entries(objects)) {
    rows.set(Number(number), row(1, at, 0))
    add(Number(number), body)
  }
  for (const [number, [holder, index]] of Object.entries(compressed)) rows.set(Number(number), row(2, holder, index))
  const index = [...rows.keys()].map(number => `${number} 1`).join(' ')
  const trailer = `/Root ${document.catalogReference.number} 0 R /Prev ${document.sections[0]?.offset} ${more}`
  const start = at
  add(990, stream(`/Type /XRef /W [1 4 1] /Size 991 /Index [${index}] ${trailer}`, Buffer.concat([...rows.values()])))
  const path = newFile()
  writeFileSync(path, Buffer.concat([...parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)]))
  return path
}

async function expectForbidden(path: string): Promise<void> {
  const { valid, signatures } = await verifyPdf(path, office.trust)
  expect(valid).toBe(false)
  expect(signatures[0]).toMatchObject({ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' })
  expect(signatures[0]?.changes.map(({ kind }) => kind)).toContain('object-changed')
}

describe('an update whose object stream one reader reads thus and another otherwise', () => {
  const forged = '<< /Type /Page /MediaBox [0 0 9 9] >>'
  type Attack = (page: number, old: string) => readonly [holder: Buffer, index: number]
  test.each<[string, Attack]>([
    [
      'the number twice, first the old object',
      (page, old) => [
        objectStream([
          [page, old],
          [page, forged],
        ]),
        0,
      ],
    ],
    [
      'the number twice, last the old object',
      (page, old) => [
        objectStream([
          [page, forged],
          [page, old],
        ]),
        1,
      ],
    ],
    [
      'another number where the section says',
      (page, old) => [
        objectStream([
          [900, forged],
          [page, old],
        ]),
        0,
      ],
    ],
    ['nothing where the section says', (page, old) => [objectStream([[page, old]]), 7]],
  ])('%s', async (_, make) => {
    const page = findPage(open(signed), 1)
    const { number } = page.reference
    const [holder, index] = make(number, objectToken(page.dictionary))
    await expectForbidden(appended(signed, { 980: holder }, { [number]: [980, index] }))
  })

  test('the same object once more, where the section says, is no change', async () => {
    const page = findPage(open(signed), 1)
    const { number } = page.reference
    const holder = objectStream([
      [900, 'null'],
      [number, objectToken(page.dictionary)],
    ])
    expect(await verifyPdf(appended(signed, { 980: holder }, { [number]: [980, 1] }), office.trust)).toMatchObject({
      valid: true,
    })
  })
})

describe('an object stream of the signed file', () => {
  test('becomes the description of the file, and what it held is gone', async () => {
    const document = open(signed)
    const entries = [...document.numbers()].map(number => document.entry(number))
    const holder = entries.find(entry => entry?.kind === 'compressed')?.stream ?? 0
    expect(holder).toBeGreaterThan(0)
    await expectForbidden(appended(signed, { [holder]: '<< /Title (x) >>' }, {}, `/Info ${holder} 0 R`))
  })

  test('was missing and comes: what the page only referred to is there', async () => {
    const referring = edited(plain, newFile(), (update, document) =>
      update.amend(findPage(document, 2).reference, { Annots: array([reference(800)]) }),
    )
    const missing = appended(referring, {}, { 800: [980, 0] })
    const path = newFile()
    await signFile(office, office.chairman, missing, path)
    expect((await verifyPdf(path, office.trust)).valid).toBe(true)
    const stamp = '<< /Subtype /Stamp /Rect [0 0 500 500] /AP << /N 981 0 R >> >>'
    const look = stream('/Subtype /Form /BBox [0 0 9 9]', Buffer.from('0 0 9 9 re f'))
    await expectForbidden(appended(path, { 980: objectStream([[800, stamp]]), 981: look }, {}))
  })
})
