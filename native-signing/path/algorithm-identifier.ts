import { constants, type KeyObject, verify } from 'node:crypto'
import { constructed, type DerElement, DerError, TAG } from '../der/reader.ts'

/** Hashes by their names in node:crypto. */
export type Hash =
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha512-224'
  | 'sha512-256'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512'

/** How a signature was made, for a policy to judge. */
export interface AlgorithmUse {
  readonly scheme: 'RSA-PKCS1' | 'RSA-PSS' | 'ECDSA' | 'DSA' | 'EdDSA'
  /** As node:crypto names it; null where the scheme brings its own. */
  readonly hash: Hash | null
  /** Bits of the modulus (RSA, DSA); null for curves. */
  readonly keyBits: number | null
  /** Named curve, or ed25519 / ed448. */
  readonly curve: string | null
}

/** An AlgorithmIdentifier of a signature, read. */
export interface Algorithm {
  readonly scheme: AlgorithmUse['scheme']
  readonly hash: Hash | null
  /** PSS only, bytes. */
  readonly saltLength: number
}

export const RSA_PSS = '1.2.840.113549.1.1.10'
export const MGF1 = '1.2.840.113549.1.1.8'

/** Object identifiers of hashes, and their names in node:crypto. */
export const HASHES: Readonly<Record<string, Hash>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
}
/** Object identifiers of signature algorithms without parameters. */
export const PLAIN: Readonly<Record<string, readonly [AlgorithmUse['scheme'], Hash | null]>> = {
  '1.2.840.113549.1.1.5': ['RSA-PKCS1', 'sha1'],
  '1.2.840.113549.1.1.14': ['RSA-PKCS1', 'sha224'],
  '1.2.840.113549.1.1.11': ['RSA-PKCS1', 'sha256'],
  '1.2.840.113549.1.1.12': ['RSA-PKCS1', 'sha384'],
  '1.2.840.113549.1.1.13': ['RSA-PKCS1', 'sha512'],
  '1.2.840.113549.1.1.15': ['RSA-PKCS1', 'sha512-224'],
  '1.2.840.113549.1.1.16': ['RSA-PKCS1', 'sha512-256'],
  '2.16.840.1.101.3.4.3.14': ['RSA-PKCS1', 'sha3-256'],
  '2.16.840.1.101.3.4.3.15': ['RSA-PKCS1', 'sha3-384'],
  '2.16.840.1.101.3.4.3.16': ['RSA-PKCS1', 'sha3-512'],
  '1.2.840.10045.4.1': ['ECDSA', 'sha1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'sha224'],
  '1.2.840.10045.4.3.2': ['ECDSA', 'sha256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'sha384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'sha512'],
  '2.16.840.1.101.3.4.3.10': ['ECDSA', 'sha3-256'],
  '2.16.840.1.101.3.4.3.11': ['ECDSA', 'sha3-384'],
  '2.16.840.1.101.3.4.3.12': ['ECDSA', 'sha3-512'],
  '1.2.840.10040.4.3': ['DSA', 'sha1'],
  '2.16.840.1.101.3.4.3.1': ['DSA', 'sha224'],
  '2.16.840.1.101.3.4.3.2': ['DSA', 'sha256'],
  '1.3.101.112': ['EdDSA', null],
  '1.3.101.113': ['EdDSA', null],
}
const KEY_KINDS: Readonly<Record<AlgorithmUse['scheme'], readonly string[]>> = {
  'RSA-PKCS1': ['rsa'],
  'RSA-PSS': ['rsa', 'rsa-pss'],
  ECDSA: ['ec'],
  DSA: ['dsa'],
  EdDSA: ['ed25519', 'ed448'],
}
/** Reads a signature's AlgorithmIdentifier. @returns null for an algorithm we do not know or whose parameters are not as they must be */
export function readAlgorithm(identifier: DerElement): Algorithm | null {
  try {
    const reader = identifier.reader()
    const oid = reader.next(TAG.objectIdentifier).objectIdentifier
    const parameters = reader.more ? reader.next() : null
    reader.end()
    if (oid === RSA_PSS) return readPss(parameters)
    const plain = PLAIN[oid]
    if (!plain || (parameters && (parameters.tag !== TAG.null || parameters.content.length > 0))) return null
    return { scheme: plain[0], hash: plain[1], saltLength: 0 }
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

export function hashOf(identifier: DerElement): Hash | null {
  return HASHES[identifier.reader().next(TAG.objectIdentifier).objectIdentifier] ?? null
}

/** RFC 4055 §3.1: missing parts mean SHA-1 and a salt of 20 bytes. */
function readPss(parameters: DerElement | null): Algorithm | null {
  if (!parameters) return null
  const reader = parameters.reader()
  const part = (number: number) => reader.optional(constructed(number))?.inner(constructed(number))
  const hashPart = part(0)
  const maskPart = part(1)?.reader()
  const saltLength = part(2)?.expect(TAG.integer).smallInteger ?? 20
  const trailer = part(3)?.smallInteger ?? 1
  reader.end()
  const hash = hashPart ? hashOf(hashPart) : 'sha1'
  const isMgf1 = !maskPart || maskPart.next(TAG.objectIdentifier).objectIdentifier === MGF1
  const maskHash = maskPart ? hashOf(maskPart.next()) : 'sha1'
  // node:crypto takes one hash for both jobs
  if (!hash || !isMgf1 || maskHash !== hash || trailer !== 1) return null
  return { scheme: 'RSA-PSS', hash, saltLength }
}

/** Whether keys of that kind sign by the scheme. */
export const fitsKey = ({ scheme }: Pick<Algorithm, 'scheme'>, key: KeyObject): boolean =>
  KEY_KINDS[scheme].includes(key.asymmetricKeyType ?? '')

/** Whether `signature` over `data` was made by the key; ECDSA in DER (RFC 3279 §2.2.3). False also for a key of another kind. */
export function verifies(algorithm: Algorithm, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  if (!fitsKey(algorithm, key)) return false
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength }
  const keyAndForm = { key, dsaEncoding: 'der', ...(algorithm.scheme === 'RSA-PSS' ? pss : {}) } as const
  try {
    return verify(algorithm.hash, data, keyAndForm, signature)
  } catch {
    // OpenSSL throws for parameters that do not fit the key: such a signature does not verify
    return false
  }
}

/** The making of a signature, for a policy to judge. */
export function makingOf({ scheme, hash }: Pick<Algorithm, 'scheme' | 'hash'>, key: KeyObject): AlgorithmUse {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  const kind = key.asymmetricKeyType ?? ''
  return { scheme, hash, keyBits: modulusLength ?? null, curve: namedCurve ?? (kind.startsWith('ed') ? kind : null) }
}
