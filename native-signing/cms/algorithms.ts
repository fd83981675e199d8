import { constants, type KeyObject, verify } from 'node:crypto'
import { constructed, type DerElement, TAG } from '../der/reader.ts'
import { integer, nothing, objectIdentifier, sequence } from '../der/writer.ts'
import type { AlgorithmUse } from '../path/signature.ts'
import type { HashAlgorithm, SignatureScheme } from '../types.ts'

/** Hashes that signatures of others may use; only `HashAlgorithm` is used for our own. */
export type KnownHash = HashAlgorithm | 'SHA-1' | 'SHA-224'

const HASH_IDENTIFIERS: Readonly<Record<KnownHash, string>> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-224': '2.16.840.1.101.3.4.2.4',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
}
const NODE_HASHES = {
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
} as const satisfies Readonly<Record<KnownHash, string>>
const HASH_BYTES: Readonly<Record<KnownHash, number>> = {
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const RSA_WITH: Readonly<Record<string, KnownHash>> = {
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.2.840.113549.1.1.14': 'SHA-224',
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
}
const ECDSA_WITH: Readonly<Record<string, KnownHash>> = {
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10045.4.3.1': 'SHA-224',
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
}

/** Name by which node:crypto knows a hash. */
export function nodeHash(hash: KnownHash): NonNullable<AlgorithmUse['hash']> {
  return NODE_HASHES[hash]
}

export function hashBytes(hash: KnownHash): number {
  return HASH_BYTES[hash]
}

/** The hash of an AlgorithmIdentifier; null when it is none we know. */
export function readHashAlgorithm(identifier: DerElement): KnownHash | null {
  const oid = identifier.reader().next().objectIdentifier
  for (const [hash, known] of Object.entries(HASH_IDENTIFIERS)) if (known === oid && isKnownHash(hash)) return hash
  return null
}

function isKnownHash(hash: string): hash is KnownHash {
  return hash in HASH_IDENTIFIERS
}

/** AlgorithmIdentifier of a hash; SHA-2 without parameters (RFC 5754 §2). */
export function hashAlgorithm(hash: KnownHash): Uint8Array {
  return sequence(objectIdentifier(HASH_IDENTIFIERS[hash]))
}

function oidOf(table: Readonly<Record<string, KnownHash>>, hash: KnownHash): string {
  const found = Object.entries(table).find(([, known]) => known === hash)
  if (!found) throw new TypeError(`no algorithm for ${hash}`)
  return found[0]
}

/** AlgorithmIdentifier of a signature (RFC 5754 §3; PSS with its parameters by RFC 4056, salt as long as the hash). */
export function signatureAlgorithm(scheme: SignatureScheme, hash: HashAlgorithm): Uint8Array {
  if (scheme === 'ECDSA') return sequence(objectIdentifier(oidOf(ECDSA_WITH, hash)))
  if (scheme === 'RSA-PKCS1') return sequence(objectIdentifier(oidOf(RSA_WITH, hash)), nothing)
  const parameters = sequence(
    explicit(0, hashAlgorithm(hash)),
    explicit(1, sequence(objectIdentifier(MGF1), hashAlgorithm(hash))),
    explicit(2, integer(hashBytes(hash))),
  )
  return sequence(objectIdentifier(RSA_PSS), parameters)
}

function explicit(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(constructed(number), content.length), content])
}

/** A signature algorithm as another program wrote it. */
export interface SignatureAlgorithm {
  readonly scheme: SignatureScheme
  readonly hash: KnownHash
  /** PSS only, bytes. */
  readonly saltLength: number
}

/**
 * Reads a signature's AlgorithmIdentifier.
 * @param digest the hash named beside it (CMS digestAlgorithm), for identifiers that name only the key
 * @returns null for an algorithm that we do not know, or one whose parts contradict each other
 */
export function readSignatureAlgorithm(identifier: DerElement, digest: KnownHash | null): SignatureAlgorithm | null {
  const parts = identifier.reader()
  const oid = parts.next().objectIdentifier
  if (oid === RSA_ENCRYPTION) return digest && { scheme: 'RSA-PKCS1', hash: digest, saltLength: 0 }
  if (oid === EC_PUBLIC_KEY) return digest && { scheme: 'ECDSA', hash: digest, saltLength: 0 }
  if (oid === RSA_PSS) return readPss(parts.optional(TAG.sequence), digest)
  const scheme = RSA_WITH[oid] ? 'RSA-PKCS1' : 'ECDSA'
  const hash = RSA_WITH[oid] ?? ECDSA_WITH[oid]
  return hash && (digest === null || digest === hash) ? { scheme, hash, saltLength: 0 } : null
}

/** RFC 4055 §3.1; missing parts mean SHA-1 and salt 20. */
function readPss(parameters: DerElement | null, digest: KnownHash | null): SignatureAlgorithm | null {
  const parts = parameters?.reader()
  const hashPart = parts?.optional(constructed(0))
  const maskPart = parts?.optional(constructed(1))
  const saltPart = parts?.optional(constructed(2))
  const hash = hashPart ? readHashAlgorithm(hashPart.reader(constructed(0)).next()) : 'SHA-1'
  const mask = maskPart?.reader(constructed(1)).next().reader()
  const isMgf1 = !mask || mask.next().objectIdentifier === MGF1
  const maskHash = mask ? readHashAlgorithm(mask.next()) : 'SHA-1'
  const saltLength = saltPart ? saltPart.reader(constructed(2)).next().smallInteger : 20
  // node:crypto knows only one hash for both jobs; nobody uses two
  if (!hash || !isMgf1 || maskHash !== hash || (digest !== null && digest !== hash)) return null
  return { scheme: 'RSA-PSS', hash, saltLength }
}

/** Whether `signature` over `data` was made by the key. False also for a key of another kind than the algorithm needs. */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = nodeHash(algorithm.hash)
  const kind = key.asymmetricKeyType
  try {
    switch (algorithm.scheme) {
      case 'RSA-PKCS1':
        return kind === 'rsa' && verify(hash, data, key, signature)
      case 'RSA-PSS':
        return (
          (kind === 'rsa' || kind === 'rsa-pss') &&
          verify(
            hash,
            data,
            { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength },
            signature,
          )
        )
      case 'ECDSA':
        return kind === 'ec' && verify(hash, data, { key, dsaEncoding: 'der' }, signature)
    }
  } catch {
    // OpenSSL throws for parameters that do not fit the key: such a signature does not verify
    return false
  }
}

/** How a signature was made, in the words in which the rules speak of algorithms. */
export function algorithmUse({ scheme, hash }: SignatureAlgorithm, key: KeyObject): AlgorithmUse {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  return { scheme, hash: NODE_HASHES[hash], keyBits: modulusLength ?? null, curve: namedCurve ?? null }
}
