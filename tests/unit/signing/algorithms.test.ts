import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  HASH_NAMES,
  hashAlgorithm,
  hashBytes,
  nodeHash,
  readHashAlgorithm,
  readSignatureAlgorithm,
  signatureAlgorithm,
  verifySignature,
} from '../../../native-signing/cms/algorithms.ts'
import { readDer } from '../../../native-signing/der/reader.ts'
import { nothing, objectIdentifier, sequence } from '../../../native-signing/der/writer.ts'

const HASHES = Object.values(HASH_NAMES)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const data = Buffer.from('Bản sao (mẫu)')

describe.each(HASHES)('%s', hash => {
  test('has a name, an identifier and a length', () => {
    expect(readHashAlgorithm(readDer(hashAlgorithm(hash)))).toBe(hash)
    expect(hashBytes(hash)).toBe(createHash(nodeHash(hash)).digest().length)
  })

  test.each(['RSA-PKCS1', 'RSA-PSS', 'ECDSA'] as const)('by %s', scheme => {
    // no identifier was ever given to ECDSA with these two
    if (scheme === 'ECDSA' && hash.startsWith('SHA-512/')) return
    const algorithm = readSignatureAlgorithm(readDer(signatureAlgorithm(scheme, hash)), hash)
    expect(algorithm).toEqual({ scheme, hash, saltLength: scheme === 'RSA-PSS' ? hashBytes(hash) : 0 })
    const { privateKey, publicKey } = scheme === 'ECDSA' ? ec : rsa
    const pss = scheme === 'RSA-PSS' ? { padding: 6, saltLength: hashBytes(hash) } : {}
    const value = sign(nodeHash(hash), data, { key: privateKey, dsaEncoding: 'der', ...pss })
    if (!algorithm) throw new Error('not read')
    expect(verifySignature(algorithm, publicKey, data, value)).toBe(true)
    expect(verifySignature(algorithm, publicKey, Buffer.from('other'), value)).toBe(false)
    expect(verifySignature(algorithm, scheme === 'ECDSA' ? rsa.publicKey : ec.publicKey, data, value)).toBe(false)
  })
})

describe('identifiers of others', () => {
  const read = (oid: string, digest: 'SHA-256' | null, ...parameters: readonly Uint8Array[]) =>
    readSignatureAlgorithm(readDer(sequence(objectIdentifier(oid), ...parameters)), digest)

  test('that name only the key take the hash beside them', () => {
    expect(read('1.2.840.113549.1.1.1', 'SHA-256', nothing)).toMatchObject({ scheme: 'RSA-PKCS1', hash: 'SHA-256' })
    expect(read('1.2.840.10045.2.1', 'SHA-256')).toMatchObject({ scheme: 'ECDSA', hash: 'SHA-256' })
    expect(read('1.2.840.113549.1.1.1', null, nothing)).toBeNull()
  })

  test('that contradict the hash beside them, or that nobody knows, are none', () => {
    expect(read('1.2.840.113549.1.1.13', 'SHA-256', nothing)).toBeNull()
    expect(read('1.2.840.113549.1.1.4', 'SHA-256', nothing)).toBeNull()
    expect(read('1.3.101.112', null)).toBeNull()
    expect(read('1.2.840.113549.1.1.10', 'SHA-256')).toBeNull()
  })

  test('random values verify nothing and throw nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(600), (value, saltLength) => {
        for (const scheme of ['RSA-PKCS1', 'RSA-PSS', 'ECDSA'] as const)
          for (const { publicKey } of [rsa, ec])
            expect(verifySignature({ scheme, hash: 'SHA-256', saltLength }, publicKey, data, value)).toBe(false)
      }),
    )
  })
})
