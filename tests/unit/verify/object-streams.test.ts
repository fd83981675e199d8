import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { array, reference } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { altered, samplePdf, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { edited } from './edit.ts'
import { compressed, objectStream, type Section, stream, withSection } from './pdf-bytes.ts'

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
/** The file with one more section. */
const appended = (source: string, ...section: Section): string =>
  altered(source, newFile(), bytes => withSection(bytes, ...section))

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
    await expectForbidden(appended(signed, { 980: holder }, [compressed(number, 980, index)]))
  })

  test('the same object once more, where the section says, is no change', async () => {
    const page = findPage(open(signed), 1)
    const { number } = page.reference
    const holder = objectStream([
      [900, 'null'],
      [number, objectToken(page.dictionary)],
    ])
    const path = appended(signed, { 980: holder }, [compressed(900, 980, 0), compressed(number, 980, 1)])
    expect(await verifyPdf(path, office.trust)).toMatchObject({ valid: true })
  })
})

describe('an object stream of the signed file', () => {
  test('becomes the description of the file, and what it held is gone', async () => {
    const document = open(signed)
    const entries = [...document.numbers()].map(number => document.entry(number))
    const holder = entries.find(entry => entry?.kind === 'compressed')?.stream ?? 0
    expect(holder).toBeGreaterThan(0)
    await expectForbidden(appended(signed, { [holder]: '<< /Title (x) >>' }, [], `/Info ${holder} 0 R`))
  })

  test('was missing and comes: what the page only referred to is there', async () => {
    const referring = edited(plain, newFile(), (update, document) =>
      update.amend(findPage(document, 2).reference, { Annots: array([reference(800)]) }),
    )
    const missing = appended(referring, {}, [compressed(800, 980, 0)])
    const path = newFile()
    await signFile(office, office.chairman, missing, path)
    expect((await verifyPdf(path, office.trust)).valid).toBe(true)
    const stamp = '<< /Subtype /Stamp /Rect [0 0 500 500] /AP << /N 981 0 R >> >>'
    const look = stream('/Subtype /Form /BBox [0 0 9 9]', Buffer.from('0 0 9 9 re f'))
    await expectForbidden(appended(path, { 980: objectStream([[800, stamp]]), 981: look }, []))
  })
})
