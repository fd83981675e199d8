import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { type Body, file, stream } from './pdf-bytes.ts'

/** Objects that are written again with 8.0 where 8 was: the same number to us, and to some readers none, so that a picture is gone. */
const office = testOffice()
const folder = temporaryFolder('whole-reals-')
let counter = 0
const newFile = () => folder.file(`${++counter}.pdf`)

const IMAGE = '/Type /XObject /Subtype /Image /Width 2 /Height 2'
const image = (more: string) => stream(`${IMAGE} ${more}`, Buffer.from([0, 80, 160, 240]))
const GREY = '/ColorSpace /DeviceGray /BitsPerComponent 8'
const ANNOTATION = '/Type /Annot /Subtype /Square /Rect [10 10 20 20] /F 4'
const form = (rest: string) =>
  stream(`/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${rest}`, Buffer.from('0 0 9 9 re'))
let signed = Buffer.alloc(0)
let pageText = ''
beforeAll(async () => {
  const [plain, own] = [newFile(), newFile()]
  const pictures = '/XObject << /A 5 0 R /B 6 0 R /C 8 0 R /D 10 0 R >>'
  const page = `/Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Rotate 90 /Contents 4 0 R /Annots [9 0 R] /Resources << ${pictures} >>`
  const objects: Readonly<Record<number, Body>> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< ${page} >>`,
    4: stream('', Buffer.from('q 100 0 0 100 0 0 cm /A Do /B Do /C Do Q')),
    5: image(`${GREY} /Decode [0 1]`),
    6: image('/ColorSpace [/Indexed /DeviceGray 1 <00ff>] /BitsPerComponent 7 0 R'),
    7: '8',
    8: image(`${GREY} /Mask [0 1]`),
    9: `<< ${ANNOTATION} >>`,
    10: form('/Resources << >>'),
  }
  writeFileSync(plain, file(objects))
  await signFile(office, office.chairman, plain, own)
  signed = readFileSync(own)
  const document = PdfDocument.open(new MemorySource(signed))
  pageText = objectToken(document.object(3)).toString()
})
afterAll(() => folder[Symbol.dispose]())

/** The signed file with one object written again. */
async function judged(number: number, body: Body) {
  const document = PdfDocument.open(new MemorySource(signed))
  const object = Buffer.concat([Buffer.from(`\n${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
  const place = String(signed.length + 1).padStart(10, '0')
  const trailer = `/Size 100 /Root 1 0 R /Prev ${document.sections[0]?.offset}`
  const end = `xref\n${number} 1\n${place} 00000 n \ntrailer\n<< ${trailer} >>\nstartxref\n${signed.length + object.length}\n%%EOF\n`
  const path = newFile()
  writeFileSync(path, Buffer.concat([signed, object, Buffer.from(end)]))
  return await verifyPdf(path, office.trust)
}

test.each<[string, number, () => Body]>([
  ['bits of a picture', 5, () => image('/ColorSpace /DeviceGray /BitsPerComponent 8.0 /Decode [0 1]')],
  ['a number of its own', 7, () => '8.0'],
  ['colours of a palette', 6, () => image('/ColorSpace [/Indexed /DeviceGray 1. <00ff>] /BitsPerComponent 7 0 R')],
  ['colours that are left out', 8, () => image(`${GREY} /Mask [0.0 1.0]`)],
  ['the turn of a page', 3, () => pageText.replace('/Rotate 90', '/Rotate +90.00')],
  ['flags of a comment', 9, () => `<< ${ANNOTATION}.0 >>`],
])('an integer that became a real is a change: %s', async (_, number, body) => {
  const { valid, signatures } = await judged(number, body())
  expect(valid).toBe(false)
  expect(signatures[0]).toMatchObject({ changesAfter: 'forbidden' })
})

test.each<[string, number, () => Body]>([
  ['the same again', 5, () => image(`${GREY} /Decode [0 1]`)],
  ['box of a page', 3, () => pageText.replace('[0 0 300 300]', '[0.0 0. 300.00 300]')],
  ['place of a comment', 9, () => `<< ${ANNOTATION.replace('[10 10', '[10.0 10.0')} >>`],
  ['box of a form', 10, () => form('/Resources << >>').toString().replace('[0 0 9 9]', '[0.0 0.0 9.0 9.0]')],
])('reals are as good as integers where any number will do: %s', async (_, number, body) => {
  expect(await judged(number, body())).toMatchObject({ valid: true, signatures: [{ changesAfter: 'none' }] })
})
