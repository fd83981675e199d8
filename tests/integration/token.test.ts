import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPki, type SandboxPki } from '../../electron/sandbox/pki.ts'
import { SigningError } from '../../native-signing/errors.ts'
import {
  certificateFromDer,
  checkSigningCertificate,
  listTokens,
  memoryPinAttempts,
  openToken,
} from '../../native-signing/token/index.ts'
import { chairman, createTestToken, office, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder('token-test-')
const pin = (text = userPin) => new TextEncoder().encode(text)
const data = new TextEncoder().encode('Lời chứng (mẫu)')
let pki: SandboxPki
let token: Awaited<ReturnType<typeof createTestToken>>

beforeAll(async () => {
  pki = createPki({ now: new Date() })
  token = await createTestToken(folder.file('one'), { pki })
})
afterAll(() => folder[Symbol.dispose]())

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SigningError) return error.code
    throw error
  }
  return 'no error'
}

describe('which token', () => {
  test('no token in the reader', async () => {
    mkdirSync(folder.file('empty'), { recursive: true })
    writeFileSync(folder.file('empty.conf'), `directories.tokendir = ${folder.file('empty')}\n`)
    const environment = { SOFTHSM2_CONF: folder.file('empty.conf') }
    expect(await codeOf(openToken({ module: token.module, environment, pin: pin() }))).toBe('no-token')
    expect(await listTokens({ modules: [token.module], environment })).toEqual([])
  })

  test('two tokens: refused with both names, and found by label or by certificate before any PIN', async () => {
    const first = await createTestToken(folder.file('two'), { pki, label: 'Chủ tịch (mẫu)' })
    const second = await createTestToken(folder.file('two'), {
      pki,
      label: 'Con dấu (mẫu)',
      kind: 'organisation',
      pin: '99887766',
    })
    const { module, environment } = first
    await expect(openToken({ module, environment, pin: pin() })).rejects.toMatchObject({
      code: 'several-tokens',
      parameters: { count: 2, labels: expect.stringMatching(/Chủ tịch \(mẫu\)/) },
    })
    {
      await using session = await openToken({ module, environment, pin: pin(), tokenLabel: first.label })
      expect(session.token.label).toBe('Chủ tịch (mẫu)')
    }
    const { sha256 } = certificateFromDer(second.certificate)
    await using seal = await openToken({ module, environment, pin: pin('99887766'), certificateSha256: sha256 })
    expect(seal.token.label).toBe('Con dấu (mẫu)')
    expect(await codeOf(openToken({ module, environment, pin: pin(), certificateSha256: '00' }))).toBe(
      'certificate-not-found',
    )
  })

  test('what a token shows without a PIN: names in Vietnamese, PIN state, the whole chain', async () => {
    const [found] = await listTokens({ modules: [token.module], environment: token.environment })
    expect(found).toMatchObject({ label: 'Thẻ tập dượt', pinState: 'ok', pinPad: false, minimumPinLength: 4 })
    const certificates = found && 'certificates' in found ? found.certificates : []
    expect(certificates.map(each => each.commonName).sort()).toEqual(['CA tập dượt cho cơ quan (mẫu)', chairman])
    expect(certificates.find(each => each.commonName === chairman)?.subject).toBe(
      `CN=${chairman}, O=${office}, L=Tỉnh Mẫu, C=VN`,
    )
  })
})

describe('PIN', () => {
  test('a wrong one is told as wrong; our own count asks for a yes at the third, since SoftHSM never raises FINAL_TRY', async () => {
    const attempts = memoryPinAttempts()
    const base = { module: token.module, environment: token.environment, attempts }
    await expect(openToken({ ...base, pin: pin('0000') })).rejects.toMatchObject({
      code: 'pin-incorrect',
      parameters: { state: 'count-low' },
    })
    await expect(openToken({ ...base, pin: pin('0001') })).rejects.toMatchObject({
      code: 'pin-incorrect',
      parameters: { state: 'final-try' },
    })
    const [listed] = await listTokens({ ...base, modules: [token.module] })
    expect(listed).toMatchObject({ pinState: 'final-try' })
    expect(await codeOf(openToken({ ...base, pin: pin() }))).toBe('pin-last-try')
    await using session = await openToken({ ...base, pin: pin(), lastTryConfirmed: true })
    expect(attempts.failures(session.token.serialNumber)).toBe(0)
  })

  test('too short, too long or empty: refused without spending a try', async () => {
    const attempts = memoryPinAttempts()
    for (const wrong of ['123', 'x'.repeat(300), '']) {
      const work = openToken({ module: token.module, environment: token.environment, attempts, pin: pin(wrong) })
      expect(await codeOf(work)).toBe('pin-length')
    }
    const [listed] = await listTokens({ modules: [token.module], environment: token.environment, attempts })
    expect(listed).toMatchObject({ pinState: 'ok' })
  })

  test('is wiped from the bytes handed in, after success and after failure', async () => {
    const right = pin()
    await (await openToken({ module: token.module, environment: token.environment, pin: right })).close()
    expect([...right]).toEqual([...right].map(() => 0))
    const unused = pin()
    await codeOf(openToken({ module: '/no/such/module.so', pin: unused }))
    expect([...unused]).toEqual([...unused].map(() => 0))
  })
})

describe('signing', () => {
  test.each([
    ['rsa-2048', ['RSA-PKCS1', 'RSA-PSS']],
    ['rsa-3072', ['RSA-PKCS1', 'RSA-PSS']],
    ['ec-p256', ['ECDSA']],
  ] as const)('%s: every scheme with every hash verifies with the certificate', async (key, schemes) => {
    const made = await createTestToken(folder.file(key), { pki, key })
    const { sha256, der } = certificateFromDer(made.certificate)
    await using session = await openToken({ module: made.module, environment: made.environment, pin: pin() })
    expect(session.schemes(sha256)).toEqual(schemes)
    expect(session.certificates).toHaveLength(2)
    const publicKey = createPublicKey(new X509Certificate(der).publicKey.export({ type: 'spki', format: 'pem' }))
    for (const scheme of schemes) {
      for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
        const signature = await session.sign(sha256, scheme, hash, data)
        const padding = scheme === 'RSA-PSS' ? { padding: 6, saltLength: -1 } : {}
        expect(verify(hash.replace('-', ''), data, { key: publicKey, ...padding }, signature)).toBe(true)
      }
    }
  })

  test("the issuer's certificate on the token has no key there, and cannot sign", async () => {
    const issuer = certificateFromDer(pki.subCa.certificate).sha256
    await using session = await openToken({ module: token.module, environment: token.environment, pin: pin() })
    expect(session.schemes(issuer)).toEqual([])
    expect(await codeOf(session.sign(issuer, 'RSA-PKCS1', 'SHA-256', data))).toBe('key-not-found')
  })

  test('a key without certificate on the token is found by the certificate from a file', async () => {
    const bare = await createTestToken(folder.file('bare'), { pki, withCertificate: false })
    const certificate = certificateFromDer(bare.certificate)
    const { module, environment } = bare
    expect(await codeOf(openToken({ module, environment, pin: pin(), certificateSha256: certificate.sha256 }))).toBe(
      'certificate-not-found',
    )
    await using session = await openToken({
      ...{ module, environment, pin: pin() },
      certificateSha256: certificate.sha256,
      otherCertificates: [certificate],
    })
    expect(await session.sign(certificate.sha256, 'RSA-PKCS1', 'SHA-256', data)).toHaveLength(256)
  })

  test('a closed session signs no more', async () => {
    const session = await openToken({ module: token.module, environment: token.environment, pin: pin() })
    await session.close()
    await session.close()
    const { sha256 } = certificateFromDer(token.certificate)
    expect(await codeOf(session.sign(sha256, 'RSA-PKCS1', 'SHA-256', data))).toBe('token-failed')
  })

  test('expired, not yet valid and not for signing are refused before the token is touched', async () => {
    const now = new Date()
    const check = (der: Uint8Array) =>
      codeOf(Promise.resolve().then(() => checkSigningCertificate(certificateFromDer(der), now)))
    const day = 86_400_000
    const made = (options: object) =>
      createTestToken(folder.file(`check-${JSON.stringify(options).length}`), { pki, ...options })
    const expired = await made({ notAfter: new Date(now.getTime() - day / 2) })
    const early = await made({ notBefore: new Date(now.getTime() + day), label: 'sớm' })
    const encryption = await made({ kind: 'encryption' })
    expect(await check(expired.certificate)).toBe('certificate-expired')
    expect(await check(early.certificate)).toBe('certificate-not-yet-valid')
    expect(await check(encryption.certificate)).toBe('certificate-not-for-signing')
    expect(await check(pki.subCa.certificate)).toBe('certificate-not-for-signing')
    expect(await check(pki.timestampAuthority.certificate)).toBe('certificate-not-for-signing')
    expect(await check(token.certificate)).toBe('no error')
  })
})
