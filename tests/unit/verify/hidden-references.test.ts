import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { reference } from '../../../native-signing/pdf/objects.ts'
import { signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { edited } from './edit.ts'
import { drawing } from './form-file.ts'
import { type Body, compressed, file, objectStream, withSection } from './pdf-bytes.ts'

/** What was signed refers to objects that are not there yet, in a way that we cannot read and that more patient readers can. */
const office = testOffice()
const folder = temporaryFolder('hidden-references-')
let counter = 0
const newFile = () => folder.file(`${++counter}.pdf`)
afterAll(() => folder[Symbol.dispose]())

const base: Readonly<Record<number, Body>> = {
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots [50 0 R] >>',
}
const annotation = (more: string) => `<< /Subtype /Stamp /Rect [0 0 500 500] ${more} >>`

async function judged(bytes: Buffer, isAdded: boolean) {
  const [plain, signed, sealed] = [newFile(), newFile(), newFile()]
  writeFileSync(plain, bytes)
  await signFile(office, office.chairman, plain, signed)
  const own = await verifyPdf(signed, office.trust)
  expect(own).toMatchObject({ valid: true, signatures: [{ changesAfter: 'none' }] })
  if (!isAdded) {
    await signFile(office, office.seal, signed, sealed, { changes: { fieldName: 'Seal' } })
    return verifyPdf(sealed, office.trust)
  }
  const changed = edited(signed, newFile(), update => update.set(reference(900), drawing('BT (1.000.000) Tj ET')))
  return verifyPdf(changed, office.trust)
}
const held = (object: string, container: (stream: Buffer) => Buffer = stream => stream) =>
  withSection(
    file(base),
    {
      980: container(
        objectStream([
          [50, object],
          [51, '[2 0 R]'],
        ]),
      ),
    },
    [compressed(50, 980, 0), compressed(51, 980, 1)],
  )

const files: readonly (readonly [string, Buffer])[] = [
  ['an unknown word', file({ ...base, 50: annotation('/X word /AP << /N 900 0 R >>') })],
  [
    'an unknown word, and a comment within the reference',
    file({ ...base, 50: annotation('/X word /AP << /N 900%\n0 R >>') }),
  ],
  ['an unknown word, in an object stream', held(annotation('/X word /AP << /N 900 0 R >>'))],
  [
    'an object stream that we cannot decode',
    held(annotation('/AP << /N 900 0 R >>'), holder => {
      const text = holder.toString('latin1').replace('/Length', '/Filter /Unheard /Length')
      return Buffer.from(text, 'latin1')
    }),
  ],
]
test.each(files)('%s: the object comes, and that is forbidden', async (_, bytes) => {
  const { valid, signatures } = await judged(bytes, true)
  expect(valid).toBe(false)
  expect(signatures[0]?.changes.map(({ kind }) => kind)).toEqual(['hidden-object-defined'])
})
test.each(files)('%s: another signature may be added', async (_, bytes) => {
  expect((await judged(bytes, false)).valid).toBe(true)
})
