import { createHash, type KeyObject } from 'node:crypto'
import type { DerElement } from '../der/reader.ts'
import { explicit, integer, nothing, objectIdentifier, sequence } from '../der/writer.ts'
import {
  type AlgorithmUse,
  HASHES,
  type Hash,
  hashOf,
  MGF1,
  makingOf,
  PLAIN,
  RSA_PSS,
  readAlgorithm,
  verifies,
} from '../path/algorithm-identifier.ts'
import type { SignatureScheme } from '../types.ts'

/** Hashes that signatures of others may use, by their names in node:crypto; only `HashAlgorithm` is used for our own. */
export const HASH_NAMES = {
  sha1: 'SHA-1',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  'sha512-224': 'SHA-512/224',
  'sha512-256': 'SHA-512/256',
  'sha3-256': 'SHA3-256',
  'sha3-384': 'SHA3-384',
  'sha3-512': 'SHA3-512',
} as const satisfies Readonly<Record<Hash, string>>
export type KnownHash = (typeof HASH_NAMES)[Hash]

const NODE_NAMES: ReadonlyMap<KnownHash, Hash> = new Map(Object.values(HASHES).map(hash => [HASH_NAMES[hash], hash]))
/** Identifiers that name only the key; the hash stands beside them (RFC 3370 §3.2). */
const KEY_ONLY: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.1': 'RSA-PKCS1',
  '1.2.840.10045.2.1': 'ECDSA',
}

/** Name by which node:crypto knows a hash. */
export function nodeHash(hash: KnownHash): Hash {
  const known = NODE_NAMES.get(hash)
  if (!known) throw new TypeError('no such hash')
  return known
}

/** Length of a digest. */
export function hashBytes(hash: KnownHash): number {
  return createHash(nodeHash(hash)).digest().length
}

/** The hash of an AlgorithmIdentifier; null when it is none we know. */
export function readHashAlgorithm(identifier: DerElement): KnownHash | null {
  const hash = hashOf(identifier)
  return hash && HASH_NAMES[hash]
}

/** The identifier that a table has for a value. */
function identifierOf<T>(table: Readonly<Record<string, T>>, isMeant: (value: T) => boolean): Uint8Array {
  const found = Object.entries(table).find(([, value]) => isMeant(value))
  if (!found) throw new TypeError('no such algorithm')
  return objectIdentifier(found[0])
}

/** AlgorithmIdentifier of a hash; SHA-2 without parameters (RFC 5754 §2). */
export function hashAlgorithm(hash: KnownHash): Uint8Array {
  return sequence(identifierOf(HASHES, each => each === nodeHash(hash)))
}

/** AlgorithmIdentifier of a signature (RFC 5754 §3; PSS with its parameters by RFC 4056, salt as long as the hash). */
export function signatureAlgorithm(scheme: SignatureScheme, hash: KnownHash): Uint8Array {
  if (scheme === 'RSA-PSS') {
    const parameters = sequence(
      explicit(0, hashAlgorithm(hash)),
      explicit(1, sequence(objectIdentifier(MGF1), hashAlgorithm(hash))),
      explicit(2, integer(hashBytes(hash))),
    )
    return sequence(objectIdentifier(RSA_PSS), parameters)
  }
  const identifier = identifierOf(PLAIN, ([ownScheme, own]) => ownScheme === scheme && own === nodeHash(hash))
  return scheme === 'ECDSA' ? sequence(identifier) : sequence(identifier, nothing)
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
  const keyOnly = KEY_ONLY[identifier.reader().next().objectIdentifier]
  if (keyOnly) return digest && { scheme: keyOnly, hash: digest, saltLength: 0 }
  const read = readAlgorithm(identifier)
  if (!read?.hash || read.scheme === 'DSA' || read.scheme === 'EdDSA') return null
  const hash = HASH_NAMES[read.hash]
  return digest === null || digest === hash ? { scheme: read.scheme, hash, saltLength: read.saltLength } : null
}

/** Whether `signature` over `data` was made by the key. False also for a key of another kind than the algorithm needs. */
export const verifySignature = (
  { scheme, hash, saltLength }: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean => verifies({ scheme, hash: nodeHash(hash), saltLength }, key, data, signature)

/** How a signature was made, in the words in which the rules speak of algorithms. */
export const algorithmUse = ({ scheme, hash }: SignatureAlgorithm, key: KeyObject): AlgorithmUse =>
  makingOf({ scheme, hash: nodeHash(hash) }, key)
