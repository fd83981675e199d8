import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PDFHexString, PDFString } from 'pdf-lib'
import { afterAll, describe, expect, test } from 'vitest'
import { prepareSignature, type SignatureRequest } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { certificationLevel, signatureFields } from '../../../native-signing/pdf/form.ts'
import { decodeText, is } from '../../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { type PdfEntries, waitingFieldPdf } from '../../support/unusual-pdfs.ts'
import { request, signFile, temporaryFolder, testOffice, testSigner } from './support.ts'

const office = testOffice()
const { chairman, pki } = office
const folder = temporaryFolder('signing-seed-')
afterAll(() => folder[Symbol.dispose]())

let count = 0
const text = (value: string) => PDFHexString.fromText(value)
const bytes = (value: Uint8Array) => PDFHexString.of(Buffer.from(value).toString('hex'))

async function waiting(seed: PdfEntries, more: PdfEntries = {}): Promise<string> {
  const path = folder.file(`${++count}.pdf`)
  writeFileSync(path, await waitingFieldPdf({ SV: { Type: 'SV', ...seed }, ...more }))
  return path
}

type Changes = Partial<SignatureRequest>
const changesOf = (changes: Changes): Changes => ({ fieldName: 'Waiting', ...changes })

/** A signature without a time-stamp. */
async function prepared(input: string, changes: Changes = {}) {
  const workFile = folder.file(`${++count}.work`)
  const asked = request(office, chairman, changesOf(changes))
  return prepareSignature(input, asked, { workFile, timestampBytes: 0 })
}

async function signed(input: string, changes: Changes = {}): Promise<PdfDocument> {
  const output = folder.file(`${++count}.pdf`)
  const { report } = await signFile(office, chairman, input, output, { changes: changesOf(changes) })
  expect(report.valid).toBe(true)
  return PdfDocument.open(new MemorySource(readFileSync(output)))
}

function reasonIn(document: PdfDocument): string | null {
  const reason = document.dictionary(signatureFields(document)[0]?.value)?.entries.get('Reason')
  return is(reason, 'string') ? decodeText(reason) : null
}

async function refused(input: string, changes: Changes, parameters: Readonly<Record<string, string>>, code: string) {
  await expect(prepared(input, changes)).rejects.toMatchObject({ code, parameters })
  expect(existsSync(folder.file(`${count}.work`))).toBe(false)
}

const [FILTER, SUB_FILTER, VERSION, REASONS, ATTESTATION, REVOCATION, DIGEST, LOCK, APPEARANCE] = Array.from(
  { length: 9 },
  (_, bit) => 1 << bit,
) as [number, number, number, number, number, number, number, number, number]

describe('a must that cannot be met is refused by its name', () => {
  test.each<[string, PdfEntries, string, Changes]>([
    ['Filter', { Ff: FILTER, Filter: 'Entrust.PPKEF' }, 'Entrust.PPKEF', {}],
    [
      'SubFilter',
      { Ff: SUB_FILTER, SubFilter: ['adbe.pkcs7.detached', 'adbe.x509.rsa_sha1'] },
      'adbe.pkcs7.detached, adbe.x509.rsa_sha1',
      {},
    ],
    ['V', { Ff: VERSION, V: 4 }, '4', {}],
    ['Reasons', { Ff: REASONS, Reasons: [text('Phê duyệt'), text('Đã xem')] }, 'Phê duyệt | Đã xem', {}],
    ['Reasons', { Ff: REASONS, Reasons: [text('Phê duyệt')] }, 'Phê duyệt', { reason: 'Chứng thực' }],
    ['Reasons', { Ff: REASONS, Reasons: [text('.')] }, '.', { reason: 'Chứng thực' }],
    ['Reasons', { Ff: REASONS }, '.', { reason: 'Chứng thực' }],
    ['LegalAttestation', { Ff: ATTESTATION, LegalAttestation: [text('Không có')] }, 'Không có', { certification: 2 }],
    ['AddRevInfo', { Ff: REVOCATION, AddRevInfo: true }, 'true', {}],
    ['DigestMethod', { Ff: DIGEST, DigestMethod: ['SHA1', 'RIPEMD160'] }, 'SHA1, RIPEMD160', {}],
    ['LockDocument', { Ff: LOCK, LockDocument: 'true' }, 'true', {}],
    ['LockDocument', { Ff: LOCK, LockDocument: 'false' }, 'false', { certification: 1 }],
    ['AppearanceFilter', { Ff: APPEARANCE, AppearanceFilter: text('Dấu đỏ') }, 'Dấu đỏ', {}],
    ['MDP', { MDP: { P: 0 } }, '0', { certification: 2 }],
    ['MDP', { MDP: { P: 3 } }, '3', { certification: 2 }],
    ['MDP', { MDP: { P: 9 } }, '', {}],
    ['TimeStamp', { TimeStamp: { URL: PDFString.of('http://tsa.example/'), Ff: 1 } }, 'http://tsa.example/', {}],
    ['Ff', { Ff: 512 }, '512', {}],
  ])('%s %j', async (entry, seed, wanted, changes) => {
    await refused(await waiting(seed), changes, { field: 'Waiting', entry, wanted }, 'seed-value-not-met')
  })
})

describe('what can be met is met', () => {
  test('the hash is chosen from those accepted, by names or texts, in the order of the maker', async () => {
    const toBeSigned = await prepared(await waiting({ Ff: DIGEST, DigestMethod: ['SHA1', 'SHA512', 'SHA384'] }))
    expect(toBeSigned.hash).toBe('SHA-512')
    const asTexts = await waiting({ DigestMethod: [PDFString.of('sha384')] })
    expect((await prepared(asTexts)).hash).toBe('SHA-384')
    await signed(asTexts)
    expect((await prepared(await waiting({ Ff: DIGEST, DigestMethod: ['SHA512', 'SHA256'] }))).hash).toBe('SHA-256')
  })

  test('the only possible reason is given, one of several as the signer says, however it was typed', async () => {
    const only = await signed(await waiting({ Ff: REASONS, Reasons: [text('Phê duyệt')] }))
    expect(reasonIn(only)).toBe('Phê duyệt')
    const two = await waiting({ Ff: REASONS, Reasons: [text('Đã xem'), text('Phê duyệt')] })
    const chosen = await signed(two, { reason: 'Phê duyệt'.normalize('NFD') })
    expect(reasonIn(chosen)).toBe('Phê duyệt'.normalize('NFC'))
    const none = await signed(await waiting({ Ff: REASONS, Reasons: [text('.')] }))
    expect(reasonIn(none)).toBeNull()
  })

  test('a field for a certifying signature certifies, and only as the first signature', async () => {
    const input = await waiting({ MDP: { P: 2 } })
    expect(certificationLevel(await signed(input))).toBe(2)
    const later = folder.file(`${++count}.pdf`)
    await signFile(office, office.seal, input, later, { changes: { fieldName: 'Seal' } })
    await expect(prepared(later)).rejects.toMatchObject({ code: 'certification-not-first' })
  })

  test('a document that is to be locked, by a certification of level 1 or the lock that waits', async () => {
    const seed = { Ff: LOCK, LockDocument: 'true' }
    await signed(await waiting(seed), { certification: 1 })
    await signed(await waiting(seed, { Lock: { Type: 'SigFieldLock', Action: 'All', P: 1 } }))
  })

  test('musts that are as we are', async () => {
    const input = await waiting({
      Ff: FILTER | SUB_FILTER | VERSION | REVOCATION | ATTESTATION,
      ...{
        Filter: 'Adobe.PPKLite',
        SubFilter: ['adbe.pkcs7.detached', 'ETSI.CAdES.detached'],
        V: 3,
        AddRevInfo: false,
      },
      ...{
        LegalAttestation: [text('Không có')],
        MDP: { P: 0 },
        LockDocument: 'true',
        AppearanceFilter: text('Dấu đỏ'),
      },
    })
    await signed(input)
  })

  test('what only is wished keeps nobody from signing', async () => {
    const input = await waiting({
      Ff: 0,
      ...{ Filter: 'Other', SubFilter: ['adbe.x509.rsa_sha1'], V: 9, AddRevInfo: true, DigestMethod: ['SHA1'] },
      ...{ Reasons: [text('Phê duyệt')], TimeStamp: { URL: PDFString.of('http://tsa.example/'), Ff: 0 } },
    })
    expect(reasonIn(await signed(input, { reason: 'Approved' }))).toBe('Approved')
  })

  test('a time-stamp that is a must may come from any authority', async () => {
    const input = await waiting({ TimeStamp: { URL: PDFString.of('http://tsa.example/'), Ff: 1 } })
    const asked = request(office, chairman, { fieldName: 'Waiting' })
    const workFile = folder.file(`${++count}.work`)
    await expect(prepareSignature(input, asked, { workFile })).resolves.toMatchObject({ fieldName: 'Waiting' })
  })
})

describe('certificates', () => {
  const { der } = chairman.certificate
  const other = testSigner(pki, { commonName: 'Trần Thị Bình (mẫu)' })
  const [SUBJECT, ISSUER, OID, SUBJECT_DN, KEY_USAGE] = [1, 2, 4, 8, 32]
  const office_ = text('UBND XÃ THANH BÌNH (MẪU)')

  test.each<[string, PdfEntries]>([
    ['Subject', { Ff: SUBJECT, Subject: [bytes(other.certificate.der), bytes(Buffer.from('none'))] }],
    ['Issuer', { Ff: ISSUER, Issuer: [bytes(other.certificate.der), bytes(Buffer.from('none'))] }],
    ['OID', { Ff: OID, OID: [PDFString.of('1.2.3.4')] }],
    ['SubjectDN', { Ff: SUBJECT_DN, SubjectDN: [{ O: office_ }, { CN: text('Trần Thị Bình (mẫu)') }] }],
    ['KeyUsage', { Ff: KEY_USAGE, KeyUsage: [PDFString.of('0'), PDFString.of('XXXXX1')] }],
  ])('%s that is none of the accepted ones is refused, and passes as a mere wish', async (entry, rules) => {
    const parameters = { field: 'Waiting', entry }
    await refused(
      await waiting({ Cert: { Type: 'SVCert', ...rules } }),
      {},
      parameters,
      'seed-certificate-not-accepted',
    )
    await signed(await waiting({ Cert: { ...rules, Ff: 0 } }))
  })

  test.each<[string, PdfEntries]>([
    ['Subject', { Ff: SUBJECT, Subject: [bytes(other.certificate.der), bytes(der)] }],
    ['the issuer itself', { Ff: ISSUER, Issuer: [bytes(pki.subCa.certificate)] }],
    ['an issuer above it', { Ff: ISSUER, Issuer: [bytes(Buffer.from('none')), bytes(pki.root.certificate)] }],
    ['SubjectDN', { Ff: SUBJECT_DN, SubjectDN: [{ O: office_ }, { '2.5.4.3': text('Nguyễn Văn An (mẫu)') }] }],
    ['KeyUsage', { Ff: KEY_USAGE, KeyUsage: [PDFString.of('XXXXX1'), PDFString.of('1XXXX00XX')] }],
    ['an address to get one from', { Ff: 64, URL: PDFString.of('http://ca.example/') }],
  ])('that meets %s signs', async (_, rules) => {
    await signed(await waiting({ Cert: { Type: 'SVCert', ...rules } }))
  })
})
