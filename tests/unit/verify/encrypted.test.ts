import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { dictionary, is, type PdfObject } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { completeSignature } from '../../../native-signing/sign/complete.ts'
import { prepareSignature } from '../../../native-signing/sign/prepare.ts'
import { signWithToken } from '../../../native-signing/sign/token-signature.ts'
import { altered, request, samplePdf, temporaryFolder, testOffice } from '../signing/support.ts'

const office = testOffice()
const folder = temporaryFolder('verify-encrypted-')
let counter = 0
const newFile = () => folder.file(`encrypted-${++counter}.pdf`)
let plain = ''
beforeAll(async () => {
  plain = newFile()
  writeFileSync(plain, await samplePdf())
})
afterAll(() => folder[Symbol.dispose]())

/** The sample encrypted by qpdf, signed and sealed. @param user password of the reader */
async function signedTwice(user: string, bits: '128' | '256'): Promise<string> {
  const files = [newFile(), newFile(), newFile()] as const
  execFileSync('qpdf', [
    '--encrypt',
    user,
    'owner',
    bits,
    ...(bits === '128' ? ['--use-aes=y'] : []),
    '--',
    plain,
    files[0],
  ])
  const steps = [
    [files[0], files[1], office.chairman, 'ChuKy'],
    [files[1], files[2], office.seal, 'ConDau'],
  ] as const
  for (const [input, output, signer, fieldName] of steps) {
    const password = 'owner'
    const options = { workFile: `${output}.work`, timestampBytes: 0, password }
    const toBeSigned = await prepareSignature(input, request(office, signer, { fieldName }), options)
    const value = await signWithToken(toBeSigned, signer.session)
    await completeSignature(toBeSigned, value, { timestamper: null, trust: office.trust, output, password })
  }
  return files[2]
}

const content = (text: string): PdfObject => {
  const data = Buffer.from(text)
  return { kind: 'stream', dictionary: dictionary({ Length: data.length }), data: new MemorySource(data) }
}

describe.each([
  ['empty', '128'],
  ['reader', '128'],
  ['empty', '256'],
  ['reader', '256'],
] as const)('encrypted, %s password of the reader, AES %s', (kind, bits) => {
  const user = kind === 'empty' ? '' : 'reader'
  const password = kind === 'empty' ? undefined : 'reader'
  let signed = ''
  beforeAll(async () => {
    signed = await signedTwice(user, bits)
  })

  test('both signatures pass; the second is a permitted change', async () => {
    const report = await verifyPdf(signed, { ...office.trust, password })
    expect(report).toMatchObject({ valid: true, signatures: [{ changesAfter: 'permitted' }, { changesAfter: 'none' }] })
  })

  test('content replaced afterwards is forbidden', async () => {
    const path = altered(signed, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes), 'owner')
      const update = new IncrementalUpdate(document)
      const contents = findPage(document, 1).dictionary.entries.get('Contents')
      const target = is(contents, 'array') ? contents.items[0] : contents
      if (is(target, 'reference')) update.set(target, content('BT (Forged) Tj ET'))
      return Buffer.concat([bytes, update.write().bytes])
    })
    const report = await verifyPdf(path, { ...office.trust, password })
    expect(report.valid).toBe(false)
    expect(report.signatures.every(({ indication }) => indication === 'TOTAL-FAILED')).toBe(true)
  })

  test('without the password it is told, and never passed', async () => {
    if (password === undefined) return
    await expect(verifyPdf(signed, office.trust)).rejects.toMatchObject({ code: 'pdf-password-required' })
  })

  test('a password that opens nothing is told, also where none is needed', async () => {
    await expect(verifyPdf(signed, { ...office.trust, password: 'other' })).rejects.toMatchObject({
      code: 'pdf-password-wrong',
    })
  })
})
