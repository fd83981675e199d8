import { constants, createHash, createPublicKey, generateKeyPairSync, privateEncrypt, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createPki, type SandboxPki } from '../../../electron/sandbox/pki.ts'
import { nodeHash } from '../../../native-signing/cms/algorithms.ts'
import { SigningError } from '../../../native-signing/errors.ts'
import { certificateFromDer, readableCertificates } from '../../../native-signing/token/certificate.ts'
import { selectToken } from '../../../native-signing/token/selection.ts'
import { digestInfo, ecdsaSignatureToDer } from '../../../native-signing/token/signature-encoding.ts'
import type { TokenInfo } from '../../../native-signing/types.ts'

describe('signature values', () => {
  test.each(['P-256', 'P-384', 'P-521'])('r || s of %s becomes what verifiers read', curve => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
    for (let round = 0; round < 20; round += 1) {
      const data = Buffer.from(`lần ${round}`)
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      expect(verify('sha256', data, publicKey, ecdsaSignatureToDer(raw))).toBe(true)
    }
  })

  test('small, zero-led and high-bit halves are encoded as DER wants them', () => {
    expect(Buffer.from(ecdsaSignatureToDer(Buffer.from('00010080', 'hex'))).toString('hex')).toBe('300702010102020080')
    expect(Buffer.from(ecdsaSignatureToDer(Buffer.from('0000', 'hex'))).toString('hex')).toBe('3006020100020100')
    expect(() => ecdsaSignatureToDer(new Uint8Array(0))).toThrow()
    expect(() => ecdsaSignatureToDer(new Uint8Array(63))).toThrow()
  })

  test.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('our DigestInfo of %s makes a PKCS#1 v1.5 signature', hash => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const data = Buffer.from('Lời chứng (mẫu)')
    const digest = createHash(nodeHash(hash)).update(data).digest()
    const signature = privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      digestInfo(hash, digest),
    )
    expect(verify(nodeHash(hash), data, createPublicKey(privateKey), signature)).toBe(true)
  })
})

describe('certificates', () => {
  let pki: SandboxPki
  beforeAll(() => {
    pki = createPki({ now: new Date('2026-11-22T00:00:00Z') })
  })

  test('name, serial number and validity are read', () => {
    const certificate = certificateFromDer(pki.subCa.certificate)
    expect(certificate).toMatchObject({
      commonName: 'CA tập dượt cho cơ quan (mẫu)',
      issuer: 'CN=RootCA tập dượt (mẫu), O=BÀN TẬP DƯỢT CHỨNG THỰC ĐIỆN TỬ (MẪU), C=VN',
      notBefore: new Date('2026-11-21T00:00:00Z'),
    })
    expect(certificate.serialNumber).toMatch(/^[0-9a-f]{32}$/)
  })

  test('nonsense and a cut certificate are refused with our own error, and hide nothing beside them', () => {
    const whole = pki.root.certificate
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.nat(whole.length - 1).map(at => whole.slice(0, at)),
        ),
        der => {
          expect(() => certificateFromDer(der)).toThrow(SigningError)
        },
      ),
      { numRuns: 200 },
    )
    expect(readableCertificates([new Uint8Array([1, 2, 3]), whole])).toHaveLength(1)
  })
})

describe('which token is meant', () => {
  const token = (label: string, slotId: number, certificates: TokenInfo['certificates'] = []): TokenInfo => ({
    ...{ module: '/module.so', slotId, label, manufacturer: '', model: '', serialNumber: label, pinState: 'ok' },
    ...{ minimumPinLength: 4, maximumPinLength: 16, pinPad: false, certificates },
  })
  const codeOf = (tokens: readonly TokenInfo[], selection: Parameters<typeof selectToken>[1]): string => {
    try {
      return selectToken(tokens, selection).label
    } catch (error) {
      if (error instanceof SigningError) return error.code
      throw error
    }
  }

  test('none, one, several, the named one, two of the same name', () => {
    const two = [token('A', 1), token('B', 2)]
    expect(codeOf([], {})).toBe('no-token')
    expect(codeOf([token('A', 1)], {})).toBe('A')
    expect(codeOf(two, {})).toBe('several-tokens')
    expect(codeOf(two, { tokenLabel: 'B' })).toBe('B')
    expect(codeOf(two, { slotId: 1 })).toBe('A')
    expect(codeOf(two, { tokenLabel: 'C' })).toBe('no-token')
    expect(codeOf([token('A', 1), token('A', 2)], { tokenLabel: 'A' })).toBe('several-tokens')
  })

  test('a PIN never goes to a token that shows other certificates', () => {
    const certificate = {
      ...{ der: new Uint8Array(), sha256: 'aa', subject: '', commonName: '', issuer: '', serialNumber: '01' },
      ...{ notBefore: new Date(0), notAfter: new Date(0) },
    }
    expect(codeOf([token('A', 1, [certificate])], { certificateSha256: 'bb' })).toBe('certificate-not-found')
    expect(codeOf([token('A', 1), token('B', 2, [certificate])], { certificateSha256: 'aa' })).toBe('B')
    expect(codeOf([token('A', 1)], { certificateSha256: 'aa' })).toBe('A')
    expect(codeOf([token('A', 1), token('B', 2)], { certificateSha256: 'aa' })).toBe('certificate-not-found')
  })
})
