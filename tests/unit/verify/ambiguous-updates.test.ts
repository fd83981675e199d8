import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { array, dictionary, name, type PdfObject, type PdfReference } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import type { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { altered, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { type Edit, edited } from './edit.ts'
import { drawing, formFile, widgetOf } from './form-file.ts'
import { file, stream, withSection } from './pdf-bytes.ts'

const office = testOffice()
const folder = temporaryFolder('ambiguous-updates-')
let counter = 0
const newFile = () => folder.file(`form-${++counter}.pdf`)
let signed = ''
beforeAll(async () => {
  const form = newFile()
  signed = newFile()
  writeFileSync(form, await formFile())
  await signFile(office, office.chairman, form, signed)
})
afterAll(() => folder[Symbol.dispose]())

describe('a key that stands twice, of which readers take the one or the other', () => {
  /** The object written anew with a second value for a key: before the true one, or null. */
  const doubled =
    (
      target: (document: PdfDocument) => PdfReference,
      key: string,
      other: (update: IncrementalUpdate) => PdfObject,
    ): Edit =>
    (update, document) => {
      const reference = target(document)
      const present = document.dictionary(reference)?.entries ?? new Map()
      update.set(reference, dictionary({ [`${key.slice(0, -1)}#`]: other(update), ...Object.fromEntries(present) }))
    }
  const drawn = (update: IncrementalUpdate) => update.add(drawing('BT (1.000.000) Tj ET'))
  const page = (document: PdfDocument) => findPage(document, 1).reference
  const catalogue = (document: PdfDocument) => document.catalogReference
  test.each<[string, Edit, string]>([
    ['the content of a page', doubled(page, 'Contents', drawn), 'Contents'],
    ['the content of a page, null', doubled(page, 'Contents', () => name('null_')), 'Contents'],
    ['the pages', doubled(catalogue, 'Pages', update => update.add(dictionary({ Kids: array([]) }))), 'Pages'],
    ['the picture of a field', doubled(document => widgetOf(document, 'name'), 'AP', drawn), 'AP'],
  ])('%s', async (_, edit, key) => {
    const written = `/${key.slice(0, -1)}#23`
    const path = altered(edited(signed, newFile(), edit), newFile(), bytes => {
      const text = bytes.toString('latin1').replace('/null_', ' null ')
      expect(text).toContain(written)
      return Buffer.from(text.replace(written, `/${key}  `), 'latin1')
    })
    const report = await verifyPdf(path, office.trust)
    expect(report).toMatchObject({ valid: false, signatures: [{ changesAfter: 'forbidden' }] })
  })
})

describe('an object that an update gives two places, of which readers take the one or the other', () => {
  test.each([
    ['first the old', (old: number, fresh: number) => [old, fresh]],
    ['first the new', (old: number, fresh: number) => [fresh, old]],
    ['first none', (_: number, fresh: number) => [null, fresh]],
    ['the old one in another generation, so that nothing refers to it', (old: number, _: number) => [old]],
    ['the same twice, which is no other', (old: number, _: number) => [old, old]],
  ] as const)('%s', async (what, order) => {
    const path = altered(signed, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const { number } = findPage(document, 1).reference
      const entry = document.entry(number)
      const old = entry?.kind === 'offset' ? entry.offset : 0
      const object = what.startsWith('the same')
        ? '\n'
        : `${number} 0 obj\n<< /Type /Page /MediaBox [0 0 9 9] >>\nendobj\n`
      const generation = what.includes('generation') ? '00001' : '00000'
      const table = order(old, bytes.length).map(
        offset =>
          `${number} 1\n${String(offset ?? 0).padStart(10, '0')} ${generation} ${offset === null ? 'f' : 'n'} \n`,
      )
      const { number: root } = document.catalogReference
      const trailer = `<< /Size ${document.size} /Root ${root} 0 R /Prev ${document.sections[0]?.offset} >>`
      const start = bytes.length + object.length
      const update = `${object}xref\n${table.join('')}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`
      return Buffer.concat([bytes, Buffer.from(update)])
    })
    const isSame = what.startsWith('the same')
    expect(await verifyPdf(path, office.trust)).toMatchObject({
      valid: isSame,
      signatures: [{ changesAfter: isSame ? 'none' : 'forbidden' }],
    })
  })
})

describe('an object that no section lists, which a reader takes that rebuilds the file', () => {
  const forged = (number: number) => `${number} 0 obj\n<< /Type /Page /MediaBox [0 0 9 9] >>\nendobj\n`
  /** An update that lists the page as it was, at a place of its own and so written, with more beside it. */
  function updated(more: (page: number) => string, generation = 0): string {
    return altered(signed, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const { reference, dictionary: own } = findPage(document, 1)
      const before = more(reference.number)
      const object = `${reference.number} ${generation} obj\n${objectToken(own)}\nendobj\n`
      const at = bytes.length + Buffer.byteLength(before, 'latin1')
      const table = `xref\n${reference.number} 1\n${String(at).padStart(10, '0')} 00000 n \n`
      const { number: root } = document.catalogReference
      const trailer = `trailer\n<< /Size ${document.size} /Root ${root} 0 R /Prev ${document.sections[0]?.offset} >>`
      const end = `${table}${trailer}\nstartxref\n${at + Buffer.byteLength(object, 'latin1')}\n%%EOF\n`
      return Buffer.concat([bytes, Buffer.from(before + object + end, 'latin1')])
    })
  }
  test('the same page written again is no change', async () => {
    expect(
      await verifyPdf(
        updated(() => '% objects\n'),
        office.trust,
      ),
    ).toMatchObject({ valid: true })
  })
  test('neither are many that are listed', async () => {
    const path = edited(signed, newFile(), update => {
      for (let count = 0; count < 30_000; count++) update.add(dictionary({ A: name('x'.repeat(20 + (count % 50))) }))
    })
    expect(await verifyPdf(path, office.trust)).toMatchObject({ valid: true })
  })
  test.each<[string, () => string]>([
    ['beside the one that is listed', () => updated(forged)],
    ['in a comment', () => updated(page => forged(page).replaceAll('\n', ' ').padStart(80, '%').concat('\n'))],
    ['in one of its own kind', () => updated(() => forged(7_000))],
    ['after many blanks', () => updated(page => forged(page).replace(' ', ' '.repeat(5_000)))],
    ['far behind', () => updated(page => `%${'x'.repeat(3_000_000)}\n${forged(page)}`)],
    ['listed in another generation', () => updated(() => '', 1)],
  ])('%s', async (_, make) => {
    const { valid, signatures } = await verifyPdf(make(), office.trust)
    expect(valid).toBe(false)
    expect(signatures[0]?.changes.map(({ kind }) => kind)).toEqual(['update-not-incremental'])
  })
})

test('a stream written again whose /Length leads beyond its end, to what other readers show', async () => {
  const [plain, own] = [newFile(), newFile()]
  const content = (more: string) =>
    Buffer.concat([stream('', Buffer.from('BT (1.000) Tj ET'), 90), Buffer.from(`\n${more}`)])
  const base = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>',
    4: content(''),
    5: stream('', Buffer.alloc(100, 'x')),
  }
  writeFileSync(plain, file(base))
  await signFile(office, office.chairman, plain, own)
  const again = (more: string) => altered(own, newFile(), bytes => withSection(bytes, { 4: content(more) }, []))
  expect(await verifyPdf(again('BT (1.000.000) Tj ET '.repeat(4)), office.trust)).toMatchObject({
    valid: false,
    signatures: [{ changes: [{ kind: 'object-changed', page: 1 }] }],
  })
})
