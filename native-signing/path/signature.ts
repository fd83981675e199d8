import { createPublicKey, type KeyObject } from 'node:crypto'
import { DerError, readDer, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { element } from '../der/writer.ts'
import { type AlgorithmUse, fitsKey, makingOf, readAlgorithm, verifies } from './algorithm-identifier.ts'
import type { Signed } from './certificate.ts'
import type { WorkBudget } from './work-budget.ts'

export type { AlgorithmUse } from './algorithm-identifier.ts'

/** Whether signatures of that making may be relied on; the thing itself is given too, as it may be known for longer than the making lasted. */
export type AlgorithmPolicy = (use: AlgorithmUse, signed: Signed) => boolean

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

const DSA = '1.2.840.10040.4.1'
const EC = '1.2.840.10045.2.1'
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
    if (!algorithm) return 'unsupported'
    if (!fitsKey(algorithm, by.key)) return 'invalid'
    this.#budget.spend(SIGNATURE_COST)
    const known = outcomesOf(signed)
    const correct = known.get(by.identity) ?? verifies(algorithm, by.key, signed.toBeSigned, signed.signature)
    known.set(by.identity, correct)
    if (!correct) return 'invalid'
    const accepted = this.#policy(makingOf(algorithm, by.key), signed)
    return accepted ? 'valid' : 'refused'
  }
}
