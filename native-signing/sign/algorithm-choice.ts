import type { KeyObject } from 'node:crypto'
import { algorithmUse } from '../cms/algorithms.ts'
import { readDer } from '../der/reader.ts'
import { SigningError } from '../errors.ts'
import { isReliable, judgeAlgorithm } from '../trust/algorithm-rules.ts'
import { type ParsedCertificate, parseCertificate, publicKeyOf } from '../trust/certificate.ts'
import type { Certificate, HashAlgorithm, SignatureScheme } from '../types.ts'

/** How a key signs. */
export interface AlgorithmChoice {
  readonly scheme: SignatureScheme
  readonly hash: HashAlgorithm
}

/** Schemes by the kind of key that the certificate names, preferred one first; a key made for PSS alone signs by nothing else (RFC 4055 §1.2). */
const SCHEMES: Readonly<Record<string, readonly SignatureScheme[]>> = {
  rsa: ['RSA-PKCS1', 'RSA-PSS'],
  'rsa-pss': ['RSA-PSS'],
  ec: ['ECDSA'],
}
/** A hash is not to be weaker than the curve that it is cut down to (FIPS 186-5 §6.4); these fit. */
const CURVE_HASHES: Readonly<Record<string, HashAlgorithm>> = {
  secp384r1: 'SHA-384',
  brainpoolP384r1: 'SHA-384',
  secp521r1: 'SHA-512',
  brainpoolP512r1: 'SHA-512',
}

/**
 * Scheme and hash for a certificate's key: of those that the token offers, the one that most readers know, unless the caller asks for
 * another.
 * @param offered what the token can do with that key (`TokenSession.schemes`)
 * @throws SigningError mechanism-not-supported, algorithm-too-weak, certificate-unreadable
 */
export function chooseAlgorithm(
  certificate: Certificate,
  offered: readonly SignatureScheme[],
  at: Date,
  wanted: Partial<AlgorithmChoice> = {},
): AlgorithmChoice {
  const key = keyOf(certificate)
  const scheme = schemesOf(key).find(
    each => offered.includes(each) && (wanted.scheme === undefined || each === wanted.scheme),
  )
  if (!scheme) throw new SigningError('mechanism-not-supported', { mechanism: wanted.scheme ?? offered.join(', ') })
  const hash = wanted.hash ?? CURVE_HASHES[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'SHA-256'
  checkAlgorithm(certificate, { scheme, hash }, at)
  return { scheme, hash }
}

/**
 * Refuses what the key cannot do, and what is not relied on any more (`resources/signing/algorithms.json`).
 * @throws SigningError mechanism-not-supported, algorithm-too-weak, certificate-unreadable
 */
export function checkAlgorithm(certificate: Certificate, { scheme, hash }: AlgorithmChoice, at: Date): void {
  const key = keyOf(certificate)
  if (!schemesOf(key).includes(scheme)) throw new SigningError('mechanism-not-supported', { mechanism: scheme })
  const use = algorithmUse({ scheme, hash, saltLength: 0 }, key)
  if (isReliable(use, at)) return
  const { weakest, until } = judgeAlgorithm(use)
  throw new SigningError('algorithm-too-weak', { algorithm: weakest, date: until?.toISOString().slice(0, 10) ?? '' })
}

const schemesOf = (key: KeyObject): readonly SignatureScheme[] => SCHEMES[key.asymmetricKeyType ?? ''] ?? []

function keyOf(certificate: Certificate): KeyObject {
  const parsed = parseCertificate(certificate.der)
  const key = publicKeyOf(parsed)
  if (!key) throw new SigningError('mechanism-not-supported', { mechanism: keyAlgorithm(parsed) })
  return key
}

/** Object identifier of the key's algorithm (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7). */
const keyAlgorithm = ({ publicKeyInfo }: ParsedCertificate): string =>
  readDer(publicKeyInfo).reader().next().reader().next().objectIdentifier
