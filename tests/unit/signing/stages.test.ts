import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  completeSignature,
  prepareSignature,
  SigningError,
  signWithToken,
  type Timestamper,
  verifyPdf,
} from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { acroForm, signatureFields } from '../../../native-signing/pdf/form.ts'
import { array, dictionary, is, name, textString } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { FileSource, MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import {
  altered,
  request,
  samplePdf,
  signatureImage,
  signFile,
  temporaryFolder,
  testOffice,
  testSigner,
} from './support.ts'

const office = testOffice()
const folder = temporaryFolder('signing-stages-')
let plain = ''
let image: Buffer
let counter = 0
let output = ''
let workFile = ''

beforeAll(async () => {
  plain = folder.file('plain.pdf')
  writeFileSync(plain, await samplePdf())
  image = await signatureImage()
})
beforeEach(() => {
  output = folder.file(`out-${++counter}.pdf`)
  workFile = `${output}.work`
})
afterAll(() => folder[Symbol.dispose]())

const rectangle = { x: 100, y: 100, width: 120, height: 60 }

/** The sample with an update of our own behind it. */
function changed(change: (update: IncrementalUpdate, document: PdfDocument) => void): string {
  return altered(plain, folder.file(`input-${++counter}.pdf`), bytes => {
    const document = PdfDocument.open(new MemorySource(bytes))
    const update = new IncrementalUpdate(document)
    change(update, document)
    return Buffer.concat([bytes, update.write().bytes])
  })
}

describe('refused before any token is touched', () => {
  const refuse = (input: string, changes: Parameters<typeof request>[2], code: string) =>
    expect(prepareSignature(input, request(office, office.chairman, changes), { workFile })).rejects.toMatchObject({
      code,
    })

  test.each<[string, string, Parameters<typeof request>[2]]>([
    ['page 3 of 2', 'page-not-found', { appearance: { page: 3, rectangle, image: Buffer.alloc(0) } }],
    ['page 0', 'page-not-found', { appearance: { page: 0, rectangle, image: Buffer.alloc(0) } }],
    [
      'off the page',
      'rectangle-outside-page',
      { appearance: { page: 1, rectangle: { ...rectangle, x: 500 }, image: Buffer.alloc(0) } },
    ],
    [
      'below the page',
      'rectangle-outside-page',
      { appearance: { page: 1, rectangle: { ...rectangle, y: -10 }, image: Buffer.alloc(0) } },
    ],
    [
      'without size',
      'rectangle-outside-page',
      { appearance: { page: 1, rectangle: { ...rectangle, width: 0 }, image: Buffer.alloc(0) } },
    ],
    ['no picture', 'image-unreadable', { appearance: { page: 1, rectangle, image: Buffer.from('none') } }],
    ['certificate expired', 'certificate-expired', { signingTime: new Date(Date.now() + 400 * 86_400_000) }],
    ['certificate not yet valid', 'certificate-not-yet-valid', { signingTime: new Date(0) }],
  ])('%s', (_, code, changes) => refuse(plain, changes, code))

  test('a certificate for encryption', async () => {
    const { certificate } = testSigner(office.pki, { kind: 'encryption' })
    await refuse(plain, { certificate }, 'certificate-not-for-signing')
  })

  test.each<[string, string, Uint8Array]>([
    ['an empty file', 'pdf-unreadable', new Uint8Array(0)],
    ['no PDF', 'pdf-unreadable', Buffer.from('PK\x03\x04 something else entirely')],
    ['only a header', 'pdf-unreadable', Buffer.from('%PDF-1.7\n')],
  ])('%s', (_, code, bytes) => {
    const input = folder.file(`input-${++counter}.pdf`)
    writeFileSync(input, bytes)
    return refuse(input, {}, code)
  })

  test('a file that is not there', () => refuse(folder.file('missing.pdf'), {}, 'file-not-found'))

  test('an earlier certification that forbids every change', () => {
    const certified = changed((update, document) => {
      const parameters = dictionary({ Type: name('TransformParams'), P: 1, V: name('1.2') })
      const certification = update.add(
        dictionary({
          Type: name('Sig'),
          Reference: array([dictionary({ TransformMethod: name('DocMDP'), TransformParams: parameters })]),
        }),
      )
      update.amend(document.catalogReference, { Perms: dictionary({ DocMDP: certification }) })
    })
    return refuse(certified, {}, 'pdf-changes-forbidden')
  })

  test('an earlier signature that locks the field', () => {
    const locked = changed((update, document) => {
      const parameters = dictionary({ Action: name('Include'), Fields: array([textString('Signature1')]) })
      const signature = update.add(
        dictionary({
          Type: name('Sig'),
          Reference: array([dictionary({ TransformMethod: name('FieldMDP'), TransformParams: parameters })]),
        }),
      )
      const fields = [
        update.add(dictionary({ FT: name('Sig'), T: textString('First'), V: signature })),
        update.add(dictionary({ FT: name('Sig'), T: textString('Signature1') })),
      ]
      update.amend(document.catalogReference, { AcroForm: dictionary({ Fields: array(fields) }) })
    })
    return refuse(locked, {}, 'field-locked')
  })

  test('a field that is already signed, and one that is no signature field', async () => {
    await signFile(office, office.chairman, plain, output)
    await expect(
      prepareSignature(output, request(office, office.seal), { workFile: folder.file('x.work') }),
    ).rejects.toMatchObject({ code: 'field-already-signed' })
    const document = await PDFDocument.load(readFileSync(plain))
    document.getForm().createTextField('Signature1')
    const input = folder.file(`input-${++counter}.pdf`)
    writeFileSync(input, await document.save())
    await refuse(input, {}, 'field-not-found')
  })

  test('and then no work file is left', () => expect(existsSync(workFile)).toBe(false))
})

describe('form and page shapes', () => {
  async function signedAs(input: string, fieldName = 'Signature1'): Promise<PdfDocument> {
    const appearance = { page: 2, rectangle, image }
    const { report } = await signFile(office, office.chairman, input, output, { changes: { appearance, fieldName } })
    expect(report.valid).toBe(true)
    const document = PdfDocument.open(new MemorySource(readFileSync(output)))
    const form = acroForm(document)
    expect(form?.entries.get('SigFlags')).toBe(3)
    return document
  }

  function annotations(document: PdfDocument) {
    const annots = document.get(findPage(document, 2).dictionary, 'Annots')
    return is(annots, 'array') ? annots.items : []
  }

  test('no form, no annotations', async () => {
    const document = await signedAs(plain)
    const [field] = signatureFields(document)
    expect(field?.dictionary.entries.get('F')).toBe(132)
    expect(annotations(document)).toEqual([field?.reference])
    expect(field?.dictionary.entries.get('Rect')).toEqual(array([100, 100, 220, 160]))
  })

  test('form inline in the catalogue, annotations inline', async () => {
    const input = changed((update, document) => {
      const note = update.add(dictionary({ Type: name('Annot'), Subtype: name('Text'), Rect: array([0, 0, 9, 9]) }))
      update.amend(findPage(document, 2).reference, { Annots: array([note]) })
      update.amend(document.catalogReference, {
        AcroForm: dictionary({ Fields: array([]), DA: textString('/Helv 0 Tf') }),
      })
    })
    const document = await signedAs(input)
    expect(annotations(document)).toHaveLength(2)
    expect(acroForm(document)?.entries.has('DA')).toBe(true)
  })

  test('form, its fields and the annotations each an object of its own', async () => {
    const input = changed((update, document) => {
      const fields = update.add(array([]))
      update.amend(findPage(document, 2).reference, { Annots: update.add(array([])) })
      update.amend(document.catalogReference, { AcroForm: update.add(dictionary({ Fields: fields, SigFlags: 1 })) })
    })
    const before = PdfDocument.open(new MemorySource(readFileSync(input)))
    const document = await signedAs(input)
    expect(document.catalog.entries.get('AcroForm')).toEqual(before.catalog.entries.get('AcroForm'))
    expect(annotations(document)).toHaveLength(1)
  })

  test('an empty field that waits is used by its full name, at its own place', async () => {
    const input = changed((update, document) => {
      const parent = update.reserve()
      const page = findPage(document, 1).reference
      const field = update.add(
        dictionary({
          Type: name('Annot'),
          Subtype: name('Widget'),
          T: textString('chairman'),
          Parent: parent,
          P: page,
          Rect: array([50, 60, 150, 90]),
        }),
      )
      update.set(parent, dictionary({ T: textString('office'), FT: name('Sig'), Kids: array([field]) }))
      update.amend(page, { Annots: array([field]) })
      update.amend(document.catalogReference, { AcroForm: update.add(dictionary({ Fields: array([parent]) })) })
    })
    const document = await signedAs(input, 'office.chairman')
    const fields = signatureFields(document)
    expect(fields.map(field => field.name)).toEqual(['office.chairman'])
    expect(fields[0]?.dictionary.entries.get('Rect')).toEqual(array([50, 60, 150, 90]))
    const second = folder.file(`out-${++counter}.pdf`)
    const { report } = await signFile(office, office.seal, output, second, { changes: { fieldName: 'Seal' } })
    expect(report.valid).toBe(true)
  })

  test('a waiting field that is signed after another signature is a permitted change', async () => {
    const input = changed((update, document) => {
      const page = findPage(document, 1).reference
      const field = update.add(
        dictionary({
          Type: name('Annot'),
          Subtype: name('Widget'),
          FT: name('Sig'),
          T: textString('Seal'),
          P: page,
          Rect: array([50, 60, 150, 90]),
        }),
      )
      update.amend(page, { Annots: array([field]) })
      update.amend(document.catalogReference, { AcroForm: update.add(dictionary({ Fields: array([field]) })) })
    })
    await signFile(office, office.chairman, input, output)
    const second = folder.file(`out-${++counter}.pdf`)
    const appearance = { page: 1, rectangle, image }
    const { report } = await signFile(office, office.seal, output, second, {
      changes: { fieldName: 'Seal', appearance },
    })
    expect(report.valid).toBe(true)
    expect(report.signatures[0]?.changes.map(({ kind, page }) => [kind, page])).toEqual([['signature-added', 1]])
  })

  test('Vietnamese reason, place and name, with brackets that look like PDF', async () => {
    const tricky = '/ByteRange [0 9999999999 9999999999 9999999999] <0 Chứng thực (bản sao)'
    const { report } = await signFile(office, office.chairman, plain, output, {
      changes: { reason: tricky, location: 'Đà Nẵng', signerName: tricky },
    })
    expect(report.valid).toBe(true)
  })
})

describe('from value to file', () => {
  const prepared = (timestampBytes?: number) =>
    prepareSignature(plain, request(office, office.chairman), {
      workFile,
      ...(timestampBytes === undefined ? {} : { timestampBytes }),
    })
  const options = () => ({ timestamper: null, trust: office.trust, output })

  test('the result is plain data: it survives the way to another PC', async () => {
    const toBeSigned = structuredClone(await prepared())
    const value = structuredClone(await signWithToken(toBeSigned, office.chairman.session))
    const signed = await completeSignature(toBeSigned, value, options())
    expect(signed.report.valid).toBe(true)
    expect(signed.bytes).toBe(readFileSync(output).length)
    expect(existsSync(workFile)).toBe(false)
    expect(readFileSync(output).subarray(0, toBeSigned.inputBytes)).toEqual(readFileSync(plain))
  })

  test('a value of another key, or one bit off, is never embedded', async () => {
    const toBeSigned = await prepared()
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const wrong = Uint8Array.from(value.signature)
    wrong[9] = (wrong[9] ?? 0) ^ 1
    for (const bad of [
      { ...value, signature: wrong },
      { ...value, signature: new Uint8Array(0) },
      { ...value, certificateSha256: office.seal.certificate.sha256 },
      { ...value, signature: await office.seal.session.sign('', 'RSA-PKCS1', 'SHA-256', toBeSigned.signedAttributes) },
    ]) {
      await expect(completeSignature(toBeSigned, bad, options())).rejects.toMatchObject({
        code: 'signature-value-invalid',
      })
    }
    expect(existsSync(output)).toBe(false)
    await completeSignature(toBeSigned, value, options())
  })

  test('a token that signs with another key than its certificate says', async () => {
    const toBeSigned = await prepared()
    const session = { ...office.chairman.session, sign: office.seal.session.sign }
    await expect(signWithToken(toBeSigned, session)).rejects.toMatchObject({ code: 'signature-value-invalid' })
  })

  test('a token without that certificate, or without that mechanism', async () => {
    const toBeSigned = await prepared()
    await expect(signWithToken(toBeSigned, office.seal.session)).rejects.toMatchObject({
      code: 'certificate-not-found',
    })
    const session = { ...office.chairman.session, schemes: () => ['ECDSA' as const] }
    await expect(signWithToken(toBeSigned, session)).rejects.toMatchObject({ code: 'mechanism-not-supported' })
  })

  test('an output that is there already is left alone', async () => {
    writeFileSync(output, 'precious')
    const toBeSigned = await prepared()
    const value = await signWithToken(toBeSigned, office.chairman.session)
    await expect(completeSignature(toBeSigned, value, options())).rejects.toMatchObject({ code: 'file-exists' })
    expect(readFileSync(output, 'utf8')).toBe('precious')
  })

  test('no time-stamp now: the same value completes later', async () => {
    const toBeSigned = await prepared()
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const away: Timestamper = { stamp: () => Promise.reject(new SigningError('timestamp-unavailable')) }
    await expect(completeSignature(toBeSigned, value, { ...options(), timestamper: away })).rejects.toMatchObject({
      code: 'timestamp-unavailable',
    })
    expect(existsSync(output)).toBe(false)
    expect((await completeSignature(toBeSigned, value, options())).report.valid).toBe(true)
  })

  test('a time-stamp larger than its room', async () => {
    const toBeSigned = await prepared(0)
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const huge: Timestamper = {
      stamp: () => Promise.resolve(Buffer.concat([Buffer.from([0x30, 0x82, 0x07, 0xd0]), Buffer.alloc(2000)])),
    }
    await expect(completeSignature(toBeSigned, value, { ...options(), timestamper: huge })).rejects.toMatchObject({
      code: 'signature-too-large',
    })
  })

  test('a time-stamper that lies is caught by the check of the finished file', async () => {
    const toBeSigned = await prepared()
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const liar: Timestamper = { stamp: () => Promise.resolve(Buffer.from([0x30, 0x02, 0x05, 0x00])) }
    await expect(completeSignature(toBeSigned, value, { ...options(), timestamper: liar })).rejects.toMatchObject({
      code: 'self-check-failed',
    })
    expect(existsSync(output)).toBe(false)
    expect(existsSync(workFile)).toBe(false)
  })

  test('prepared data that were sent elsewhere and came back serve as well', async () => {
    const toBeSigned = structuredClone(await prepared())
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const { sha256, report } = await completeSignature(toBeSigned, value, options())
    expect(sha256).toBe(createHash('sha256').update(readFileSync(output)).digest('hex'))
    expect(report.valid).toBe(true)
  })

  test('a certificate that nobody trusts gives no output when trust is asked for', async () => {
    const toBeSigned = await prepared()
    const value = await signWithToken(toBeSigned, office.chairman.session)
    await expect(
      completeSignature(toBeSigned, value, { ...options(), trust: { trustAnchors: [] } }),
    ).rejects.toMatchObject({
      code: 'self-check-failed',
      parameters: { reason: 'NO_CERTIFICATE_CHAIN_FOUND' },
    })
    expect(existsSync(output)).toBe(false)
  })

  test('signing over a document whose earlier signature is broken is refused', async () => {
    await signFile(office, office.chairman, plain, output)
    const broken = altered(output, folder.file(`broken-${counter}.pdf`), bytes => {
      bytes[11] = (bytes[11] ?? 0) ^ 1
      return bytes
    })
    await expect(
      signFile(office, office.seal, broken, folder.file('never.pdf'), { changes: { fieldName: 'Seal' } }),
    ).rejects.toMatchObject({
      code: 'earlier-signature-broken',
    })
    expect(existsSync(folder.file('never.pdf'))).toBe(false)
  })

  test('the input is never touched', async () => {
    const before = readFileSync(plain)
    await signFile(office, office.chairman, plain, output)
    expect(readFileSync(plain)).toEqual(before)
    using source = new FileSource(output)
    expect(PdfDocument.open(source).sections).toHaveLength(2)
    expect((await verifyPdf(output, office.trust)).valid).toBe(true)
  })
})
