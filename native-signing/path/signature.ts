import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { constructed, type DerElement, DerError, readDer, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { element } from '../der/writer.ts'
import type { Signed } from './certificate.ts'
import type { WorkBudget } from './work-budget.ts'

/** How a signature was made, for a policy to judge. */
export interface AlgorithmUse {
  readonly scheme: 'RSA-PKCS1' | 'RSA-PSS' | 'ECDSA' | 'DSA' | 'EdDSA'
  /** As node:crypto names it; null where the scheme brings its own. */
  readonly hash: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | null
  /** Bits of the modulus (RSA, DSA); null for curves. */
  readonly keyBits: number | null
  /** Named curve, or ed25519 / ed448. */
  readonly curve: string | null
}

/** Whether signatures of that making may be relied on. */
export type AlgorithmPolicy = (use: AlgorithmUse) => boolean

/** `incomplete`: the key borrows its parameters from its issuer's, which is not known yet. */
export type SignatureOutcome = 'valid' | 'invalid' | 'unsupported' | 'refused' | 'incomplete'

/** A public key with what its holder's own certificates may inherit from it (RFC 5280 §6.1.2 (g)–(i)). */
export interface WorkingKey {
  readonly algorithm: string
  /** DER of the parameters; null when there are none. */
  readonly parameters: Uint8Array | null
  readonly key: KeyObject | null
  /** Tells keys apart. */
  readonly identity: string
  /** Content of the BIT STRING, for key hashes. */
  readonly keyBytes: Uint8Array
}

type Hash = Exclude<AlgorithmUse['hash'], null>
interface Algorithm {
  readonly scheme: AlgorithmUse['scheme']
  readonly hash: Hash | null
  readonly saltLength: number
}

const DSA = '1.2.840.10040.4.1'
const EC = '1.2.840.10045.2.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

const HASHES: Readonly<Record<string, Hash>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const PLAIN: Readonly<Record<string, readonly [AlgorithmUse['scheme'], Hash | null]>> = {
  '1.2.840.113549.1.1.5': ['RSA-PKCS1', 'sha1'],
  '1.2.840.113549.1.1.14': ['RSA-PKCS1', 'sha224'],
  '1.2.840.113549.1.1.11': ['RSA-PKCS1', 'sha256'],
  '1.2.840.113549.1.1.12': ['RSA-PKCS1', 'sha384'],
  '1.2.840.113549.1.1.13': ['RSA-PKCS1', 'sha512'],
  '1.2.840.10045.4.1': ['ECDSA', 'sha1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'sha224'],
  '1.2.840.10045.4.3.2': ['ECDSA', 'sha256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'sha384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'sha512'],
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
/** In steps of the work budget. */
const SIGNATURE_COST = 10
/** OpenSSL would work for seconds on the numbers of a larger key. */
const MAXIMUM_KEY_BYTES = 2200

/**
 * The public key of a SubjectPublicKeyInfo. A DSA key without parameters takes those of its issuer's key (RFC 3279 §2.3.2).
 * @param issuer the key that signed the certificate, where it is known
 */
export function workingKey(publicKeyInfo: Uint8Array, issuer: WorkingKey | null): WorkingKey {
  const parts = keyParts(publicKeyInfo)
  if (!parts)
    return {
      algorithm: '',
      parameters: null,
      key: null,
      identity: identityOf(publicKeyInfo),
      keyBytes: new Uint8Array(0),
    }
  const { algorithm, parameters, keyBytes } = parts
  const none = parameters === null || parameters[0] === TAG.null
  if (algorithm !== DSA || !none) {
    // a curve made up by the key's owner lets him fit a key to any signature (RFC 5480 §2.1.1: named curves only)
    const named = algorithm !== EC || parameters?.[0] === TAG.objectIdentifier
    return {
      algorithm,
      parameters,
      keyBytes,
      key: named ? keyObject(publicKeyInfo) : null,
      identity: identityOf(publicKeyInfo),
    }
  }
  if (issuer?.algorithm !== DSA || issuer.parameters === null) {
    return { algorithm, parameters: null, keyBytes, key: null, identity: identityOf(publicKeyInfo) }
  }
  const whole = element(
    TAG.sequence,
    element(TAG.sequence, parts.identifier, issuer.parameters),
    element(TAG.bitString, Uint8Array.of(0), keyBytes),
  )
  return {
    algorithm,
    parameters: issuer.parameters,
    keyBytes,
    key: keyObject(whole),
    identity: identityOf(whole),
  }
}

function isIncomplete({ algorithm, parameters, key }: WorkingKey): boolean {
  return key === null && algorithm === DSA && parameters === null
}

function identityOf(publicKeyInfo: Uint8Array): string {
  return Buffer.from(publicKeyInfo).toString('latin1')
}

function keyParts(publicKeyInfo: Uint8Array) {
  try {
    const reader = readDer(publicKeyInfo).reader()
    const algorithm = reader.next(TAG.sequence).reader()
    const identifier = algorithm.next(TAG.objectIdentifier)
    const parameters = algorithm.more ? algorithm.next().bytes : null
    algorithm.end()
    const keyBytes = reader.next(TAG.bitString).bitStringBytes
    reader.end()
    return { identifier: identifier.bytes, algorithm: identifier.objectIdentifier, parameters, keyBytes }
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

const keyObject = remembering((publicKeyInfo): KeyObject | null => {
  if (publicKeyInfo.length > MAXIMUM_KEY_BYTES) return null
  try {
    return createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' })
  } catch {
    // OpenSSL does not know the kind of key or finds it damaged: nothing can be verified with it
    return null
  }
})

/** @returns null for an algorithm we do not know or whose parameters are not as they must be */
function readAlgorithm(identifier: DerElement): Algorithm | null {
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

function hashOf(identifier: DerElement): Hash | null {
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

function isCorrect(algorithm: Algorithm, key: KeyObject, { toBeSigned, signature }: Signed): boolean {
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength }
  try {
    return verify(
      algorithm.hash,
      toBeSigned,
      { key, dsaEncoding: 'der', ...(algorithm.scheme === 'RSA-PSS' ? pss : {}) },
      signature,
    )
  } catch {
    // OpenSSL throws for parameters that do not fit the key: such a signature does not verify
    return false
  }
}

/** Whether it verifies with which key: kept as long as what was signed, and so once for certificates that come with every file. */
const outcomes = new WeakMap<Uint8Array, Map<string, boolean>>()

function outcomesOf({ toBeSigned }: Signed): Map<string, boolean> {
  const known = outcomes.get(toBeSigned) ?? new Map<string, boolean>()
  outcomes.set(toBeSigned, known)
  return known
}

/** Reads keys and checks signatures, each once. */
export class SignatureChecker {
  readonly #policy: AlgorithmPolicy
  readonly #budget: WorkBudget
  readonly #keys = new Map<string, WorkingKey>()
  readonly #outcomes = new WeakMap<Uint8Array, Map<string, SignatureOutcome>>()

  constructor(policy: AlgorithmPolicy, budget: WorkBudget) {
    this.#policy = policy
    this.#budget = budget
  }

  /** The key of a SubjectPublicKeyInfo; `issuer` lends its parameters where that key has none. */
  keyOf(publicKeyInfo: Uint8Array, issuer: WorkingKey | null): WorkingKey {
    const identity = identityOf(publicKeyInfo)
    const own = this.#keys.get(identity) ?? workingKey(publicKeyInfo, null)
    this.#keys.set(identity, own)
    return isIncomplete(own) && issuer ? workingKey(publicKeyInfo, issuer) : own
  }

  /** @throws WorkLimitExceeded */
  check(signed: Signed, by: WorkingKey): SignatureOutcome {
    const known = this.#outcomes.get(signed.toBeSigned) ?? new Map<string, SignatureOutcome>()
    this.#outcomes.set(signed.toBeSigned, known)
    const outcome = known.get(by.identity) ?? this.#checkAnew(signed, by)
    known.set(by.identity, outcome)
    return outcome
  }

  #checkAnew(signed: Signed, by: WorkingKey): SignatureOutcome {
    const algorithm = readAlgorithm(signed.signatureAlgorithm)
    if (!by.key) return isIncomplete(by) ? 'incomplete' : 'unsupported'
    const kind = by.key.asymmetricKeyType ?? ''
    if (!algorithm) return 'unsupported'
    if (!KEY_KINDS[algorithm.scheme].includes(kind)) return 'invalid'
    this.#budget.spend(SIGNATURE_COST)
    const known = outcomesOf(signed)
    const correct = known.get(by.identity) ?? isCorrect(algorithm, by.key, signed)
    known.set(by.identity, correct)
    if (!correct) return 'invalid'
    const { modulusLength, namedCurve } = by.key.asymmetricKeyDetails ?? {}
    const curve = namedCurve ?? (kind.startsWith('ed') ? kind : null)
    const accepted = this.#policy({
      scheme: algorithm.scheme,
      hash: algorithm.hash,
      keyBits: modulusLength ?? null,
      curve,
    })
    return accepted ? 'valid' : 'refused'
  }
}
