import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SoftTokenKey } from '../../electron/sandbox/soft-token.ts'
import {
  startTimestampAuthority,
  type TimestampAuthority,
  type TimestampFault,
} from '../../electron/sandbox/timestamp-authority.ts'
import { readFirstBer } from '../../native-signing/der/reader.ts'
import {
  createTimestamper,
  type HashAlgorithm,
  readCertificate,
  type SignatureRequest,
  type SignatureScheme,
  type Timestamper,
  verifyPdf,
} from '../../native-signing/index.ts'
import { PdfDocument } from '../../native-signing/pdf/document.ts'
import { signatureFields } from '../../native-signing/pdf/form.ts'
import { is } from '../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../native-signing/pdf/source.ts'
import { openToken } from '../../native-signing/token/index.ts'
import { pem, startOpensslTimestampAuthority } from '../support/openssl-tsa.ts'
import { createTestToken, userPin } from '../support/sandbox-office.ts'
import {
  type KeyKind,
  samplePdf,
  signatureImage,
  signFile,
  temporaryFolder,
  testOffice,
  testSigner,
} from '../unit/signing/support.ts'

const run = promisify(execFile)
const office = testOffice()
const folder = temporaryFolder('signing-peers-')
const closing = new AsyncDisposableStack()
const stampers: Record<string, Timestamper> = {}
let roots = ''
let authority: TimestampAuthority

beforeAll(async () => {
  authority = await startTimestampAuthority({
    identity: office.pki.timestampAuthority,
    chain: [office.pki.subCa.certificate],
  })
  closing.defer(() => authority.close())
  const openssl = closing.use(await startOpensslTimestampAuthority(office.pki))
  stampers['sandbox'] = createTimestamper({ url: authority.url })
  stampers['openssl'] = createTimestamper({ url: openssl.url })
  roots = folder.file('roots.pem')
  writeFileSync(roots, pem(office.pki.root.certificate, office.pki.subCa.certificate))
})
afterAll(async () => {
  await closing.disposeAsync()
  folder[Symbol.dispose]()
})

/** What poppler says of each signature: name, coverage, verdict. */
async function pdfsig(path: string): Promise<readonly string[]> {
  const { stdout } = await run('pdfsig', ['-nocert', path])
  return stdout
    .split(/^Signature #\d+:/m)
    .slice(1)
    .map(part => {
      const name = /Common Name: (.*)/.exec(part)?.[1]
      const coverage = /Not total document signed/.test(part) ? 'part' : 'whole'
      return `${name} | ${coverage} | ${/Signature Validation: (.*)/.exec(part)?.[1]}`
    })
}

/** Lets openssl verify the CMS of one signature over the bytes that its range names. */
async function opensslVerifies(path: string, fieldName: string): Promise<boolean> {
  const file = readFileSync(path)
  const document = PdfDocument.open(new MemorySource(file))
  const value = document.dictionary(signatureFields(document).find(field => field.name === fieldName)?.value)
  const contents = value?.entries.get('Contents')
  const range = value?.entries.get('ByteRange')
  if (!is(contents, 'string') || !is(range, 'array')) return false
  const [, a, b, c] = range.items.map(Number) as [number, number, number, number]
  const [cms, content] = [folder.file('openssl.cms'), folder.file('openssl.content')]
  writeFileSync(cms, readFirstBer(contents.bytes).bytes)
  writeFileSync(content, Buffer.concat([file.subarray(0, a), file.subarray(b, b + c)]))
  await run('openssl', [
    ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', cms, '-content', content],
    ...['-CAfile', roots, '-purpose', 'any', '-cades', '-out', '/dev/null'],
  ])
  return true
}

async function judges(path: string, fields: readonly string[]): Promise<void> {
  const signers = ['Nguyễn Văn An (mẫu)', 'UBND XÃ THANH BÌNH (MẪU)']
  const expected = fields.map(
    (_, index) => `${signers[index]} | ${index === fields.length - 1 ? 'whole' : 'part'} | Signature is Valid.`,
  )
  expect(await pdfsig(path)).toEqual(expected)
  expect((await run('qpdf', ['--check', path])).stdout).toContain('No syntax or stream encoding errors')
  for (const field of fields) expect(await opensslVerifies(path, field)).toBe(true)
}

/** Input files of many makers. */
const makers: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'pdf-lib, table': async path => writeFileSync(path, await samplePdf()),
  'pdf-lib, object streams': async path => writeFileSync(path, await samplePdf({ objectStreams: true })),
  'qpdf, linearised': path => throughQpdf(path, ['--linearize']),
  'qpdf, linearised with object streams': path => throughQpdf(path, ['--linearize', '--object-streams=generate']),
  'qpdf, rotated': path => throughQpdf(path, ['--rotate=90']),
  'qpdf, old version': path => throughQpdf(path, ['--force-version=1.3', '--object-streams=disable']),
  img2pdf: async path => {
    const picture = folder.file('scan.jpg')
    await sharp({ create: { width: 1240, height: 1754, channels: 3, background: '#eee' } })
      .jpeg()
      .toFile(picture)
    await run('img2pdf', [picture, picture, '-o', path])
  },
}

async function throughQpdf(path: string, flags: readonly string[]): Promise<void> {
  writeFileSync(`${path}.in`, await samplePdf())
  await run('qpdf', [...flags, `${path}.in`, path])
}

describe.each(Object.keys(makers))('signature and seal on a file by %s', maker => {
  test.each(['sandbox', 'openssl'])('with time-stamps by the authority of %s', async stamper => {
    const [plain, once, twice] = ['plain', 'once', 'twice'].map(name =>
      folder.file(`${maker}-${stamper}-${name}.pdf`),
    ) as [string, string, string]
    await makers[maker]?.(plain)
    const timestamper = stampers[stamper] ?? null
    const image = await signatureImage()
    const mark = { page: 2, rectangle: { x: 200, y: 150, width: 120, height: 60 }, image }
    const seal = { page: 2, rectangle: { x: 160, y: 140, width: 100, height: 100 }, image }
    await signFile(office, office.chairman, plain, once, { timestamper, changes: { appearance: mark } })
    const { report } = await signFile(office, office.seal, once, twice, {
      timestamper,
      changes: { appearance: seal, fieldName: 'Seal' },
    })
    expect(report.valid).toBe(true)
    expect(report.signatures.map(({ level, provenTime }) => [level, provenTime !== null])).toEqual([
      ['B-T', true],
      ['B-T', true],
    ])
    expect(readFileSync(twice).subarray(0, readFileSync(plain).length)).toEqual(readFileSync(plain))
    await judges(twice, ['Signature1', 'Seal'])
  })
})

describe('algorithms', () => {
  test.each<[KeyKind, SignatureScheme, HashAlgorithm]>([
    ['rsa', 'RSA-PKCS1', 'SHA-256'],
    ['rsa', 'RSA-PKCS1', 'SHA-384'],
    ['rsa', 'RSA-PKCS1', 'SHA-512'],
    ['rsa', 'RSA-PSS', 'SHA-256'],
    ['rsa', 'RSA-PSS', 'SHA-384'],
    ['rsa', 'RSA-PSS', 'SHA-512'],
    ['p-256', 'ECDSA', 'SHA-256'],
    ['p-384', 'ECDSA', 'SHA-384'],
    ['p-521', 'ECDSA', 'SHA-512'],
  ])('%s %s %s', async (key, scheme, hash) => {
    const [plain, signed] = [folder.file('algorithm.pdf'), folder.file(`${scheme}-${hash}.pdf`)]
    writeFileSync(plain, await samplePdf())
    const changes: Partial<SignatureRequest> = { scheme, hash }
    const { report } = await signFile(office, testSigner(office.pki, { key }), plain, signed, {
      changes,
      timestamper: stampers['sandbox'] ?? null,
    })
    expect(report.valid).toBe(true)
    expect(await opensslVerifies(signed, 'Signature1')).toBe(true)
    // poppler's NSS judges RSA PKCS#1 only for what concerns us; the others are judged by openssl
    if (scheme === 'RSA-PKCS1') await judges(signed, ['Signature1'])
  })
})

describe('a real token', () => {
  test.each<[SoftTokenKey, SignatureScheme]>([
    ['rsa-2048', 'RSA-PKCS1'],
    ['rsa-2048', 'RSA-PSS'],
    ['ec-p256', 'ECDSA'],
  ])('SoftHSM with %s signs by %s', async (key, scheme) => {
    using own = temporaryFolder('signing-token-')
    const token = await createTestToken(own.path, { pki: office.pki, key })
    const certificate = readCertificate(token.certificate)
    await using session = await openToken({
      module: token.module,
      environment: token.environment,
      pin: Buffer.from(userPin),
    })
    const signer = { certificate, session, privateKey: office.chairman.privateKey }
    const [plain, signed] = [own.file('plain.pdf'), own.file('signed.pdf')]
    writeFileSync(plain, await samplePdf({ objectStreams: true }))
    const { report } = await signFile(office, signer, plain, signed, {
      changes: { scheme },
      timestamper: stampers['openssl'] ?? null,
    })
    expect(report.valid).toBe(true)
    expect(await opensslVerifies(signed, 'Signature1')).toBe(true)
  })
})

describe('a time-stamp authority that is wrong', () => {
  test.each<[TimestampFault, string]>([
    [{ kind: 'unavailable' }, 'timestamp-unavailable'],
    [{ kind: 'slow', milliseconds: 2000 }, 'timestamp-unavailable'],
    [{ kind: 'refuse', failure: 'badAlg' }, 'timestamp-refused'],
    [{ kind: 'wrong-nonce' }, 'timestamp-invalid'],
    [{ kind: 'wrong-imprint' }, 'timestamp-invalid'],
    [{ kind: 'garbage' }, 'timestamp-invalid'],
    [{ kind: 'broken-signature' }, 'timestamp-invalid'],
    [{ kind: 'wrong-certificate-hash' }, 'timestamp-invalid'],
  ])('$kind: no output', async (fault, code) => {
    const [plain, signed] = [folder.file('stamp.pdf'), folder.file(`stamp-${fault.kind}.pdf`)]
    writeFileSync(plain, await samplePdf())
    const timeout = fault.kind === 'slow' ? 500 : 30_000
    const timestamper = createTimestamper({ url: authority.url, timeout, tries: 1 })
    authority.setFault(fault)
    try {
      await expect(signFile(office, office.chairman, plain, signed, { timestamper })).rejects.toMatchObject({ code })
    } finally {
      authority.setFault(null)
    }
    expect(existsSync(signed)).toBe(false)
  })
})

describe('time', () => {
  test('a signature with a time-stamp outlives its certificate, one without does not', async () => {
    const signer = testSigner(office.pki, { notAfter: new Date(Date.now() + 86_400_000) })
    const [plain, stamped, bare] = ['time.pdf', 'time-stamped.pdf', 'time-bare.pdf'].map(name => folder.file(name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(plain, await samplePdf())
    await signFile(office, signer, plain, stamped, { timestamper: stampers['sandbox'] ?? null })
    await signFile(office, signer, plain, bare)
    const at = new Date(Date.now() + 365 * 86_400_000)
    expect((await verifyPdf(stamped, { ...office.trust, at })).valid).toBe(true)
    expect((await verifyPdf(bare, { ...office.trust, at })).valid).toBe(false)
  })
})

describe('signatures of other programs', () => {
  /** Lets poppler sign with its NSS store. */
  async function popplerSigns(input: string, output: string): Promise<void> {
    const { certificate, privateKey } = office.seal
    const [database, key, leaf, archive] = ['nss', 'key.pem', 'leaf.pem', 'key.p12'].map(name => folder.file(name)) as [
      string,
      string,
      string,
      string,
    ]
    mkdirSync(database, { recursive: true })
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(leaf, pem(certificate.der))
    await run('openssl', [
      'pkcs12',
      '-export',
      '-inkey',
      key,
      '-in',
      leaf,
      '-certfile',
      roots,
      '-name',
      'seal',
      '-passout',
      'pass:test',
      '-out',
      archive,
    ])
    await run('certutil', ['-N', '-d', database, '--empty-password'])
    await run('pk12util', ['-i', archive, '-d', database, '-W', 'test'])
    await run('pdfsig', ['-nssdir', database, '-add-signature', '-nick', 'seal', input, output])
  }

  test('poppler signs on top of ours: both stand', async () => {
    const [plain, ours, both] = ['other.pdf', 'other-ours.pdf', 'other-both.pdf'].map(name => folder.file(name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(plain, await samplePdf())
    await signFile(office, office.chairman, plain, ours, { timestamper: stampers['sandbox'] ?? null })
    await popplerSigns(ours, both)
    const report = await verifyPdf(both, office.trust)
    expect(
      report.signatures.map(({ signerName, integrity, changesAfter, indication }) => [
        signerName,
        integrity,
        changesAfter,
        indication,
      ]),
    ).toEqual([
      ['Nguyễn Văn An (mẫu)', 'intact', 'permitted', 'TOTAL-PASSED'],
      ['UBND XÃ THANH BÌNH (MẪU)', 'intact', 'none', 'TOTAL-PASSED'],
    ])
  })
})
