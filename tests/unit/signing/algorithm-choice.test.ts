import { describe, expect, test } from 'vitest'
import {
  chooseAlgorithm,
  type HashAlgorithm,
  readCertificate,
  type SignatureScheme,
} from '../../../native-signing/index.ts'
import { checkAlgorithm } from '../../../native-signing/sign/algorithm-choice.ts'
import { type KeyKind, testOffice, testSigner } from './support.ts'

const office = testOffice()
const now = new Date()
const ALL: readonly SignatureScheme[] = ['RSA-PKCS1', 'RSA-PSS', 'ECDSA']
const certificateOf = (key: KeyKind) => testSigner(office.pki, { key }).certificate

describe('scheme and hash', () => {
  test.each<[KeyKind, readonly SignatureScheme[], SignatureScheme, HashAlgorithm]>([
    ['rsa', ALL, 'RSA-PKCS1', 'SHA-256'],
    ['rsa', ['RSA-PSS'], 'RSA-PSS', 'SHA-256'],
    ['rsa-pss', ALL, 'RSA-PSS', 'SHA-256'],
    ['p-256', ALL, 'ECDSA', 'SHA-256'],
    ['p-384', ['ECDSA'], 'ECDSA', 'SHA-384'],
    ['p-521', ['ECDSA'], 'ECDSA', 'SHA-512'],
  ])('a key %s on a token that can %j: %s with %s', (key, offered, scheme, hash) => {
    expect(chooseAlgorithm(certificateOf(key), offered, now)).toEqual({ scheme, hash })
  })

  test('as the caller wants', () => {
    const wanted = { scheme: 'RSA-PSS', hash: 'SHA-512' } as const
    expect(chooseAlgorithm(certificateOf('rsa'), ALL, now, wanted)).toEqual(wanted)
  })

  test.each<[KeyKind, readonly SignatureScheme[], SignatureScheme | undefined]>([
    ['rsa', [], undefined],
    ['rsa', ['ECDSA'], undefined],
    ['rsa', ['RSA-PKCS1'], 'RSA-PSS'],
    ['rsa-pss', ['RSA-PKCS1'], undefined],
    ['p-256', ['RSA-PKCS1'], undefined],
  ])('a key %s on a token that can %j, %s wanted: there is no way', (key, offered, scheme) => {
    const wanted = scheme ? { scheme } : {}
    expect(() => chooseAlgorithm(certificateOf(key), offered, now, wanted)).toThrow(
      expect.objectContaining({ code: 'mechanism-not-supported' }),
    )
  })
})

test('a key of a kind that nobody here knows is named by its algorithm, not by its owner', () => {
  const hex = Buffer.from(certificateOf('rsa').der).toString('hex')
  const [rsa, unknown] = ['06092a864886f70d010101', '06092a864886f70d010163']
  const certificate = readCertificate(Buffer.from(hex.replace(rsa, unknown), 'hex'))
  expect(() => chooseAlgorithm(certificate, ALL, now)).toThrow(
    expect.objectContaining({
      code: 'mechanism-not-supported',
      parameters: { mechanism: '1.2.840.113549.1.1.99' },
    }),
  )
})

describe('what is not relied on any more is refused before a token is touched', () => {
  test.each<[KeyKind, SignatureScheme, string]>([
    ['rsa-1024', 'RSA-PKCS1', 'RSA 1024'],
    ['p-224', 'ECDSA', 'secp224r1'],
  ])('%s', (key, scheme, algorithm) => {
    const certificate = certificateOf(key)
    const refusal = expect.objectContaining({
      code: 'algorithm-too-weak',
      parameters: expect.objectContaining({ algorithm }),
    })
    expect(() => chooseAlgorithm(certificate, ALL, now)).toThrow(refusal)
    expect(() => checkAlgorithm(certificate, { scheme, hash: 'SHA-256' }, now)).toThrow(refusal)
  })
})
