import { execFile } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOcspResponder, type OcspFault } from '../../electron/sandbox/ocsp-responder.ts'
import { issueCertificate, revocationList, revokeCertificate } from '../../electron/sandbox/pki.ts'
import { type RevocationServer, startRevocationServer } from '../../electron/sandbox/revocation-server.ts'
import { startTimestampAuthority, type TimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { readBer, readFirstBer } from '../../native-signing/der/reader.ts'
import {
  createStatusFetcher,
  createTimestamper,
  type ExtendOptions,
  extendPdf,
  type SignatureVerdict,
  type Timestamper,
  verifyPdf,
} from '../../native-signing/index.ts'
import { PdfDocument } from '../../native-signing/pdf/document.ts'
import { signatureFields } from '../../native-signing/pdf/form.ts'
import { is } from '../../native-signing/pdf/objects.ts'
import { readSecurityStore } from '../../native-signing/pdf/security-store.ts'
import { MemorySource } from '../../native-signing/pdf/source.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { startOpensslRevocationServer } from '../support/openssl-ocsp.ts'
import { pem, startOpensslTimestampAuthority } from '../support/openssl-tsa.ts'
import {
  altered,
  samplePdf,
  signFile,
  type TestOffice,
  type TestSigner,
  temporaryFolder,
  testOffice,
  testSigner,
} from '../unit/signing/support.ts'

const run = promisify(execFile)
const YEAR = 365 * 86_400_000
const folder = temporaryFolder('signing-long-term-')
const closing = new AsyncDisposableStack()
/** Time of the practice world beyond ours; certificates of the office are of now. */
let clockAhead = 0
const clock = () => new Date(Date.now() + clockAhead)
let server: RevocationServer
let office: TestOffice
let authority: TimestampAuthority
let timestamper: Timestamper
let counter = 0
let withoutStamps = ''
let withStamps = ''

beforeAll(async () => {
  server = await startRevocationServer({ clock })
  closing.defer(() => server.close())
  office = testOffice(server.url)
  authority = await startTimestampAuthority({
    identity: office.pki.timestampAuthority,
    chain: [office.pki.subCa.certificate],
    clock,
  })
  closing.defer(() => authority.close())
  timestamper = createTimestamper({ url: authority.url, tries: 1 })
  server.setResponder(createOcspResponder(office.pki, clock()))
  withoutStamps = await signedTwice(office, null)
  withStamps = await signedTwice(office, timestamper)
})
beforeEach(() => {
  clockAhead = 0
  server.setFault(null)
  server.setListsAvailable(true)
  server.setResponder(createOcspResponder(office.pki, clock()))
})
afterAll(async () => {
  await closing.disposeAsync()
  folder[Symbol.dispose]()
})

const newFile = (name: string) => folder.file(`${name}-${++counter}.pdf`)

async function signedOnce(own: TestOffice, signer: TestSigner, stamper: Timestamper | null, changes = {}) {
  const [plain, signed] = [newFile('plain'), newFile('signed')]
  writeFileSync(plain, await samplePdf())
  await signFile(own, signer, plain, signed, { timestamper: stamper, changes })
  return signed
}

async function signedTwice(own: TestOffice, stamper: Timestamper | null): Promise<string> {
  const twice = newFile('twice')
  const once = await signedOnce(own, own.chairman, stamper)
  await signFile(own, own.seal, once, twice, { timestamper: stamper, changes: { fieldName: 'Seal' } })
  return twice
}

function extend(input: string, changes: Partial<ExtendOptions> = {}) {
  return extendPdf(input, {
    level: 'B-LTA',
    timestamper,
    trust: { trustAnchors: office.trust.trustAnchors },
    fetcher: createStatusFetcher({ timeout: 10_000, allowPrivate: true }),
    output: newFile('extended'),
    clock,
    ...changes,
  })
}

const summary = (signatures: readonly SignatureVerdict[]) =>
  signatures.map(each =>
    `${each.field} ${each.level ?? each.kind} ${each.indication} ${each.subIndication ?? ''}`.trim(),
  )
const levels = (signatures: readonly SignatureVerdict[]) =>
  signatures.filter(({ kind }) => kind === 'signature').map(({ level }) => level)

async function verdicts(path: string, at: Date, crls: readonly Uint8Array[] = []) {
  const { signatures } = await verifyPdf(path, { trustAnchors: office.trust.trustAnchors, crls, at })
  return summary(signatures)
}

/** What openssl says of a document time-stamp: the token over the bytes that its range names. */
async function opensslVerifiesStamp(path: string, fieldName: string): Promise<string> {
  const file = readFileSync(path)
  const document = PdfDocument.open(new MemorySource(file))
  const value = document.dictionary(signatureFields(document).find(field => field.name === fieldName)?.value)
  const contents = value?.entries.get('Contents')
  const range = value?.entries.get('ByteRange')
  if (!is(contents, 'string') || !is(range, 'array')) return 'no time-stamp'
  const [, a = 0, b = 0, c = 0] = range.items.map(Number)
  const [token, data, roots] = ['stamp.der', 'stamp.data', 'stamp.pem'].map(name => folder.file(name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(token, readFirstBer(contents.bytes).bytes)
  writeFileSync(data, Buffer.concat([file.subarray(0, a), file.subarray(b, b + c)]))
  writeFileSync(roots, pem(office.pki.root.certificate, office.pki.subCa.certificate))
  const { stdout, stderr } = await run('openssl', [
    'ts',
    '-verify',
    '-in',
    token,
    '-token_in',
    '-data',
    data,
    '-CAfile',
    roots,
  ])
  return stdout + stderr
}

describe.each(['B-T', 'B-LT', 'B-LTA'] as const)('extending to %s', level => {
  test.each([
    ['signatures without time-stamps', () => withoutStamps],
    ['signatures with time-stamps', () => withStamps],
  ])('%s: as claimed, the input its beginning, readable for others', async (_, input) => {
    const { path, report, bytes } = await extend(input(), { level })
    expect(report.valid).toBe(true)
    expect(levels(report.signatures)).toEqual([level, level])
    const original = readFileSync(input())
    const extended = readFileSync(path)
    expect(extended.subarray(0, original.length).equals(original)).toBe(true)
    expect(extended.length).toBe(bytes)
    expect(bytes - original.length).toBeLessThan(40_000)
    expect((await run('qpdf', ['--check', path])).stdout).toContain('No syntax or stream encoding errors')
    const { stdout } = await run('pdfsig', ['-nocert', path])
    expect(stdout.match(/Signature is Valid/g)).toHaveLength(2)
    for (const { field, kind } of report.signatures)
      if (kind === 'document-timestamp') expect(await opensslVerifiesStamp(path, field)).toContain('Verification: OK')
  })
})

describe('where the validation data come from', () => {
  test('an input that nobody may write to: the result can be written', async () => {
    const input = newFile('read-only')
    copyFileSync(withStamps, input)
    chmodSync(input, 0o444)
    const { path } = await extend(input, { level: 'B-LT' })
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  test('what has come to stand at the output meanwhile is not written over', async () => {
    const output = newFile('taken')
    const meanwhile: Timestamper = {
      stamp: (...what) => {
        writeFileSync(output, 'another file')
        return timestamper.stamp(...what)
      },
    }
    await expect(extend(withStamps, { timestamper: meanwhile, output })).rejects.toMatchObject({ code: 'file-exists' })
    expect(readFileSync(output, 'utf8')).toBe('another file')
  })

  test('OCSP by the addresses in the certificates, one answer for each certificate', async () => {
    const { added } = await extend(withStamps, { level: 'B-LT' })
    // signer, seal, time-stamp authority, sub-CA; the responder's certificate is not to be asked about
    expect(added).toMatchObject({ ocsp: 4, crls: 0, timestamps: 0 })
  })

  test('openssl as responder and as time-stamp authority', async () => {
    await using responder = await startOpensslRevocationServer()
    const own = testOffice(responder.url)
    const issued = [own.chairman.certificate, { serialNumber: serialOf(own.pki.timestampAuthority.certificate) }]
    await responder.setPki(
      own.pki,
      issued.map(({ serialNumber }) => ({ serialNumber, revoked: null })),
    )
    await using stamps = await startOpensslTimestampAuthority(own.pki)
    const stamper = createTimestamper({ url: stamps.url })
    const input = await signedOnce(own, own.chairman, stamper)
    const { report, added } = await extend(input, {
      timestamper: stamper,
      trust: { trustAnchors: own.trust.trustAnchors },
    })
    expect(added).toMatchObject({ ocsp: 3, crls: 0, timestamps: 1 })
    expect(levels(report.signatures)).toEqual(['B-LTA'])
  })

  test('given lists, without any network', async () => {
    const crls = [revocationList(office.pki, 'root', clock()), revocationList(office.pki, 'subCa', clock())]
    const asked = server.requests().length
    const { report, added } = await extend(withStamps, {
      level: 'B-LT',
      fetcher: null,
      trust: { trustAnchors: office.trust.trustAnchors, crls },
    })
    expect(added).toMatchObject({ ocsp: 0, crls: 2 })
    expect(levels(report.signatures)).toEqual(['B-LT', 'B-LT'])
    expect(server.requests().length).toBe(asked)
  })

  test('an issuer that nobody sent is fetched', async () => {
    const own = { ...office, trust: { trustAnchors: office.trust.trustAnchors, intermediates: office.chain } }
    const input = await signedOnce(own, office.chairman, null, { chain: [] })
    const bare = createTimestamper({ url: authority.url })
    const { report } = await extend(input, { level: 'B-LT', timestamper: bare })
    expect(levels(report.signatures)).toEqual(['B-LT'])
  })

  test.each<OcspFault>(['try-later', 'unknown', 'outdated', 'broken-signature', 'wrong-signer', 'garbage'])(
    'an OCSP responder that fails (%s): lists are taken',
    async fault => {
      server.setFault(fault)
      const { report, added } = await extend(withStamps, { level: 'B-LT' })
      expect(added).toMatchObject({ ocsp: 0, crls: 2 })
      expect(levels(report.signatures)).toEqual(['B-LT', 'B-LT'])
    },
  )

  test('data by signature (VRI) on demand, found by the hash of /Contents', async () => {
    const { path } = await extend(withStamps, { level: 'B-LT', perSignature: true })
    const document = PdfDocument.open(new MemorySource(readFileSync(path)))
    const store = document.dictionary(document.catalog.entries.get('DSS'))
    const entries = store ? document.dictionary(store.entries.get('VRI')) : null
    const keys = signatureFields(document).map(field => {
      const contents = document.dictionary(field.value)?.entries.get('Contents')
      return is(contents, 'string') ? createHash('sha1').update(contents.bytes).digest('hex').toUpperCase() : ''
    })
    expect([...(entries?.entries.keys() ?? [])].toSorted()).toEqual(keys.toSorted())
    expect(readSecurityStore(document).certificates.length).toBeGreaterThan(3)
  })
})

const serialOf = (certificate: Uint8Array): string => {
  const [toBeSigned] = readBer(certificate).children
  return Buffer.from(toBeSigned?.children[1]?.content ?? []).toString('hex')
}

describe('refused, and nothing is left behind', () => {
  async function refuse(input: string, code: string, changes: Partial<ExtendOptions> = {}) {
    const output = newFile('refused')
    await expect(extend(input, { output, ...changes })).rejects.toMatchObject({ code })
    expect(existsSync(output)).toBe(false)
    expect(readdirSync(folder.path).filter(name => name.endsWith('.part'))).toEqual([])
  }

  test('a file without signatures', async () => {
    const plain = newFile('plain')
    writeFileSync(plain, await samplePdf())
    await refuse(plain, 'nothing-to-extend')
  })
  test('no responder and no lists', async () => {
    server.setFault('try-later')
    server.setListsAvailable(false)
    await refuse(withStamps, 'validation-data-unavailable')
  })
  test('no network at all', () => refuse(withStamps, 'validation-data-unavailable', { fetcher: null }))
  test('signatures of strangers', () =>
    refuse(withStamps, 'validation-data-unavailable', { trust: { trustAnchors: [] }, level: 'B-LT' }))
  test('no time-stamp authority named', () => refuse(withStamps, 'timestamp-unavailable', { timestamper: null }))
  test('a time-stamp authority that is out of order', async () => {
    authority.setFault({ kind: 'unavailable' })
    await refuse(withStamps, 'timestamp-unavailable').finally(() => authority.setFault(null))
  })
  test('a time-stamp authority that nobody trusts', async () => {
    await using stranger = await startOpensslTimestampAuthority(testOffice().pki)
    const stamper = createTimestamper({ url: stranger.url })
    await refuse(withoutStamps, 'validation-data-unavailable', { level: 'B-T', timestamper: stamper })
  })
  test('a signature that is broken', async () => {
    const broken = altered(withStamps, newFile('broken'), bytes => {
      bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200)
      return bytes
    })
    await refuse(broken, 'earlier-signature-broken')
  })
  test('a certificate that was revoked before signing', async () => {
    const signer = testSigner(office.pki)
    const input = await signedOnce(office, signer, timestamper)
    const revoked = revokeCertificate(office.pki, signer.certificate.der, new Date(Date.now() - 60_000))
    server.setResponder(createOcspResponder(revoked, clock()))
    await refuse(input, 'certificate-revoked')
  })
  test('an output that is there already', async () => {
    const output = newFile('there')
    writeFileSync(output, 'x')
    await expect(extend(withStamps, { output })).rejects.toMatchObject({ code: 'file-exists' })
    expect(readFileSync(output, 'utf8')).toBe('x')
  })
  test('an address that sends without end', async () => {
    const small = createStatusFetcher({ maximumBytes: 100, allowPrivate: true })
    await refuse(withStamps, 'validation-data-unavailable', { fetcher: small })
  })
})

describe('years later', () => {
  const later = (years: number) => new Date(Date.now() + years * YEAR)

  test('the signer’s certificate is expired: what was time-stamped stands, what was not does not', async () => {
    const archived = await extend(withStamps)
    expect(await verdicts(archived.path, later(2))).toEqual([
      'Signature1 B-LTA TOTAL-PASSED',
      'Seal B-LTA TOTAL-PASSED',
      'Timestamp1 document-timestamp TOTAL-PASSED',
    ])
    expect(await verdicts(withoutStamps, later(2))).toEqual([
      'Signature1 B-B INDETERMINATE OUT_OF_BOUNDS_NO_POE',
      'Seal B-B INDETERMINATE OUT_OF_BOUNDS_NO_POE',
    ])
  })

  test('the time-stamp authority is expired too: the archive time-stamp has to be renewed in time', async () => {
    const archived = await extend(withStamps)
    clockAhead = 4 * YEAR
    server.setResponder(createOcspResponder(office.pki, clock()))
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const certificate = issueCertificate(office.pki, {
      kind: 'timestamp-authority',
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      subject: { commonName: 'Dấu thời gian mới (mẫu)' },
      notBefore: later(3),
      notAfter: later(9),
    })
    const next = await startTimestampAuthority({
      identity: { certificate, privateKey },
      chain: [office.pki.subCa.certificate],
      clock,
    })
    const renewed = await extend(archived.path, { timestamper: createTimestamper({ url: next.url }) }).finally(() =>
      next.close(),
    )
    expect(renewed.added.timestamps).toBe(1)
    expect(await verdicts(renewed.path, later(6))).toEqual([
      'Signature1 B-LTA TOTAL-PASSED',
      'Seal B-LTA TOTAL-PASSED',
      'Timestamp1 document-timestamp TOTAL-PASSED',
      'Timestamp2 document-timestamp TOTAL-PASSED',
    ])
    expect((await verdicts(archived.path, later(6)))[0]).toBe('Signature1 B-T INDETERMINATE OUT_OF_BOUNDS_NO_POE')
  })

  test('revoked after the proven time: the signature stands', async () => {
    const signer = testSigner(office.pki)
    const input = await signedOnce(office, signer, timestamper)
    const archived = await extend(input)
    const revoked = revokeCertificate(office.pki, signer.certificate.der, new Date(Date.now() + 86_400_000))
    const list = revocationList(revoked, 'subCa', new Date(Date.now() + 2 * 86_400_000))
    const at = new Date(Date.now() + 3 * 86_400_000)
    expect((await verdicts(archived.path, at, [list]))[0]).toBe('Signature1 B-LTA TOTAL-PASSED')
    const unstamped = await signedOnce(office, signer, null)
    expect((await verdicts(unstamped, at, [list]))[0]).toBe('Signature1 B-B INDETERMINATE REVOKED_NO_POE')
  })
})

describe('what a level is not', () => {
  test('a time-stamp whose authority the verifier does not trust proves nothing', async () => {
    const { path } = await extend(withoutStamps, { level: 'B-T' })
    const { signatures } = await verifyPdf(path, { trustAnchors: [] })
    expect(signatures.map(({ provenTime }) => provenTime)).toEqual([null, null, null])
  })

  test('validation data for one signature of two do not lift the other', async () => {
    const once = await signedOnce(office, office.chairman, timestamper)
    const { path } = await extend(once, { level: 'B-LT' })
    const twice = newFile('twice')
    const seal = testSigner(office.pki, { kind: 'organisation', commonName: 'UBND (mẫu)' })
    await signFile(office, seal, path, twice, { timestamper, changes: { fieldName: 'Seal' } })
    const { signatures } = await verifyPdf(twice, { trustAnchors: office.trust.trustAnchors })
    expect(levels(signatures)).toEqual(['B-LT', 'B-T'])
  })

  test('a document time-stamp that was tampered with proves nothing', async () => {
    const { path } = await extend(withoutStamps, { level: 'B-LTA' })
    const spoilt = altered(path, newFile('spoilt'), bytes => {
      bytes.write('(Timestamp9)', bytes.lastIndexOf('(Timestamp2)'), 'latin1')
      return bytes
    })
    const { valid, signatures } = await verifyPdf(spoilt, { trustAnchors: office.trust.trustAnchors })
    expect(valid).toBe(false)
    expect(levels(signatures)).toEqual(['B-LT', 'B-LT'])
  })
})

describe('time-stamps that need more room than expected', () => {
  test('are asked for once more', async () => {
    const before = authority.requestCount()
    const narrow: Timestamper = { ...timestamper, expectedBytes: () => 500 }
    const { report } = await extend(withStamps, { timestamper: narrow })
    expect(levels(report.signatures)).toEqual(['B-LTA', 'B-LTA'])
    expect(authority.requestCount() - before).toBe(2)
  })
})

describe('ctdesk extend', () => {
  test('lifts a file, and says what it did', async () => {
    const [root, out] = [folder.file('root.pem'), newFile('command')]
    writeFileSync(root, pem(office.pki.root.certificate))
    const options = ['--allow-private', '--out', out, '--tsa', authority.url, '--trust', root]
    const { status, stdout } = await ctdesk(['--json', 'extend', withStamps, ...options])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      level: 'B-LTA',
      added: { timestamps: 1, ocsp: 4 },
      bytes: statSync(out).size,
    })
  })
})
