import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTimestampAuthority, type TimestampAuthority } from '../../../electron/sandbox/timestamp-authority.ts'
import { createTimestamper, verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { formFields } from '../../../native-signing/pdf/form.ts'
import { array, dictionary, name, type PdfObject, reference, textString } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { addField, signatureDictionary } from '../../../native-signing/sign/field.ts'
import { holeDigits, holeEntries, writeWithHole } from '../../../native-signing/sign/hole.ts'
import { samplePdf, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { certify } from './certify.ts'
import { edited } from './edit.ts'
import { drawing } from './form-file.ts'

/** Anybody can have a document time-stamp made of any file: it says when, and nobody answers for what its field shows. */
const office = testOffice()
const folder = temporaryFolder('visible-timestamp-')
/** For the token, bytes. */
const ROOM = 8000
let authority: TimestampAuthority
let counter = 0
const newFile = () => folder.file(`${++counter}.pdf`)
let signed = ''
let certified = ''
let waiting = ''
beforeAll(async () => {
  const identity = office.pki.timestampAuthority
  authority = await startTimestampAuthority({ identity, chain: [office.pki.subCa.certificate] })
  const plain = newFile()
  ;[signed, certified, waiting] = [newFile(), newFile(), newFile()]
  writeFileSync(plain, await samplePdf())
  await signFile(office, office.chairman, plain, signed)
  await certify(office, office.chairman, plain, certified, { certification: 1 })
  const withField = edited(plain, newFile(), (update, document) => {
    const page = findPage(document, 1).reference
    const entries = { Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString('Waiting') }
    const field = update.add(dictionary({ ...entries, Rect: array([50, 600, 300, 700]), P: page, F: 4 }))
    update.amend(page, { Annots: array([field]) })
    update.amend(document.catalogReference, { AcroForm: update.add(dictionary({ Fields: array([field]) })) })
  })
  await signFile(office, office.chairman, withField, waiting)
})
afterAll(async () => {
  await authority.close()
  folder[Symbol.dispose]()
})

/**
 * The file with a genuine time-stamp whose field is so wide and high, or is the one that waits; null for no picture.
 * @param more entries of a field that is made
 */
async function stamped(
  source: string,
  side: number,
  picture: string | null,
  more: Readonly<Record<string, PdfObject>> = {},
): Promise<string> {
  const bytes = readFileSync(source)
  const document = PdfDocument.open(new MemorySource(bytes))
  const update = new IncrementalUpdate(document)
  const entries = { Type: name('DocTimeStamp'), SubFilter: name('ETSI.RFC3161'), ...holeEntries(ROOM) }
  const stamp = update.add(signatureDictionary(entries))
  const existing = formFields(document).find(field => field.name === 'Waiting') ?? null
  const place = { existing, page: findPage(document, 1), rectangle: { x: 50, y: 600, width: side, height: side } }
  addField(document, update, place, 'Stamp', stamp, picture === null ? null : update.add(drawing(picture)))
  // the field was added next
  if (Object.keys(more).length > 0) update.amend(reference(stamp.number + 1), more)
  const { byteRange, bytes: added } = writeWithHole(update, stamp, ROOM, bytes.length)
  const whole = Buffer.concat([bytes, added])
  const imprint = createHash('sha256')
    .update(whole.subarray(0, byteRange[1]))
    .update(whole.subarray(byteRange[2]))
    .digest()
  const token = await createTimestamper({ url: authority.url, tries: 1 }).stamp(imprint, 'SHA-256')
  holeDigits(byteRange, token).copy(whole, byteRange[1] + 1)
  const path = newFile()
  writeFileSync(path, whole)
  return path
}
const PICTURE = 'BT (1.000.000) Tj ET'

test.each<[string, () => string, number, string | null]>([
  ['no place', () => signed, 0, null],
  ['no place, certification level 1', () => certified, 0, null],
  ['a picture of no size', () => signed, 0, PICTURE],
  ['a place without a picture', () => signed, 50, null],
])('a time-stamp with %s is permitted', async (_, source, side, picture) => {
  const { valid, signatures } = await verifyPdf(await stamped(source(), side, picture), office.trust)
  expect(signatures[0]?.changes.map(({ kind }) => kind)).toEqual(['timestamp-added'])
  expect(valid).toBe(true)
})

test.each<[string, () => string]>([
  ['in a field of its own', () => signed],
  ['certification level 1', () => certified],
  ['in a field that waited for a signature', () => waiting],
])('one that shows a picture is not: %s', async (_, source) => {
  const { valid, signatures } = await verifyPdf(await stamped(source(), 50, PICTURE), office.trust)
  expect(signatures[0]).toMatchObject({ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' })
  expect(signatures[0]?.changes).toContainEqual(
    expect.objectContaining({ kind: 'annotation-changed', page: 1, permitted: false }),
  )
  expect(valid).toBe(false)
})

test.each<[string, PdfObject]>([
  ['a ground', dictionary({ BG: array([1, 1, 1]) })],
  ['a border', dictionary({ BC: array([0, 0, 0]) })],
])('nor one that has %s drawn by the reader', async (_, look) => {
  const { valid, signatures } = await verifyPdf(await stamped(signed, 50, null, { MK: look }), office.trust)
  expect(signatures[0]?.changes).toContainEqual(
    expect.objectContaining({ kind: 'annotation-changed', page: 1, permitted: false }),
  )
  expect(valid).toBe(false)
})
