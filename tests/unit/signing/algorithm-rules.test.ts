import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlgorithmUse } from '../../../native-signing/path/signature.ts'
import {
  ALGORITHM_RULES,
  isReliable,
  judgeAlgorithm,
  parseAlgorithmRules,
} from '../../../native-signing/trust/algorithm-rules.ts'

const now = new Date('2026-11-22T00:00:00Z')
const rsa = (keyBits: number, hash: AlgorithmUse['hash'] = 'sha256'): AlgorithmUse => ({
  scheme: 'RSA-PKCS1',
  hash,
  keyBits,
  curve: null,
})
const curve = (name: string): AlgorithmUse => ({ scheme: 'ECDSA', hash: 'sha256', keyBits: null, curve: name })

describe('what is relied on today', () => {
  test.each([
    [rsa(2048), true],
    [rsa(4096, 'sha512'), true],
    [rsa(2047), false],
    [rsa(1024), false],
    [rsa(512), false],
    [rsa(2048, 'sha1'), false],
    [rsa(2048, 'sha224'), false],
    [curve('prime256v1'), true],
    [curve('secp384r1'), true],
    [curve('secp521r1'), true],
    [curve('brainpoolP256r1'), true],
    [curve('secp224r1'), false],
    [curve('secp192k1'), false],
    [curve('wap-wsg-idm-ecid-wtls1'), false],
    [curve(''), false],
    [{ scheme: 'EdDSA', hash: null, keyBits: null, curve: 'ed25519' } as const, true],
    [{ scheme: 'EdDSA', hash: null, keyBits: null, curve: 'ed448' } as const, true],
    [{ scheme: 'DSA', hash: 'sha256', keyBits: 2048, curve: null } as const, false],
  ])('%j: %s', (use, accepted) => {
    expect(isReliable(use, now)).toBe(accepted)
  })

  test('what was good once is good for the time when it was', () => {
    const use = rsa(1024, 'sha1')
    expect(judgeAlgorithm(use)).toEqual({ weakest: 'SHA-1', until: new Date('2012-08-01') })
    expect(isReliable(use, new Date('2012-07-31T23:59:59Z'))).toBe(true)
    expect(isReliable(use, new Date('2012-08-01'))).toBe(false)
    expect(judgeAlgorithm(rsa(1024))).toEqual({ weakest: 'RSA 1024', until: new Date('2019-10-01') })
  })

  test('a longer key or hash never ends sooner', () => {
    const end = (bits: number) => judgeAlgorithm(rsa(bits)).until?.getTime() ?? Number.POSITIVE_INFINITY
    fc.assert(
      fc.property(fc.nat(8192), fc.nat(8192), (one, other) => {
        expect(end(Math.min(one, other))).toBeLessThanOrEqual(end(Math.max(one, other)))
      }),
    )
  })
})

describe('rules as data', () => {
  test('each rests on a listed source, and every source is used', () => {
    const used = new Set([...ALGORITHM_RULES.hashes, ...ALGORITHM_RULES.keys].map(({ source }) => source))
    expect([...used].sort()).toEqual(Object.keys(ALGORITHM_RULES.sources).sort())
  })

  test.each([
    ['an unknown source', { sources: {}, hashes: [{ name: 'SHA-256', until: null, source: 'hearsay' }], keys: [] }],
    ['no day', { sources: { a: 'a' }, hashes: [{ name: 'SHA-256', until: '2012-13-01', source: 'a' }], keys: [] }],
    ['an unknown hash', { sources: { a: 'a' }, hashes: [{ name: 'MD5', until: null, source: 'a' }], keys: [] }],
    ['no rules', null],
  ])('%s is refused', (_, data) => {
    expect(() => parseAlgorithmRules(data)).toThrow()
  })
})
