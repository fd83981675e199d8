import { createHash } from 'node:crypto'
import { type KnownHash, nodeHash, readHashAlgorithm } from '../cms/algorithms.ts'
import { OID, parseSignedData, type SignedData } from '../cms/signed-data.ts'
import { checkSigner } from '../cms/signer.ts'
import { readBer, TAG } from '../der/reader.ts'
import type { AlgorithmUse } from '../path/signature.ts'
import { EXTENSION, type ParsedCertificate, TIME_STAMPING } from './certificate.ts'

/** A time-stamp token with its TSTInfo (RFC 3161 §2.4.2). */
export interface TimestampToken {
  readonly signedData: SignedData
  readonly hash: KnownHash | null
  readonly imprint: Uint8Array
  readonly time: Date
  /** Content of the INTEGER; null when the token has none. */
  readonly nonce: Uint8Array | null
}

/**
 * @returns null for signed data of another kind
 * @throws DerError, SigningError certificate-unreadable
 */
export function parseTimestampToken(der: Uint8Array): TimestampToken | null {
  const signedData = parseSignedData(der)
  if (signedData.contentType !== OID.timestampInfo || !signedData.content) return null
  const parts = readBer(signedData.content).reader()
  parts.next(TAG.integer)
  parts.next(TAG.objectIdentifier)
  const imprint = parts.next(TAG.sequence).reader()
  const hash = readHashAlgorithm(imprint.next(TAG.sequence))
  const imprintBytes = imprint.next(TAG.octetString).octets
  parts.next(TAG.integer)
  const time = parts.next(TAG.generalizedTime).time
  parts.optional(TAG.sequence)
  parts.optional(TAG.boolean)
  const nonce = parts.optional(TAG.integer)?.content ?? null
  return { signedData, hash, imprint: imprintBytes, time, nonce }
}

export type TimestampProblem =
  | 'imprint-differs'
  | 'signature-invalid'
  | 'signing-certificate-differs'
  | 'not-for-timestamping'
  | 'algorithm-too-weak'

export type TimestampVerdict =
  | {
      readonly problem: null
      readonly certificate: ParsedCertificate
      readonly time: Date
      /** How the token was made: its signature, and the hash that it was made over. When that is relied on is the caller's question. */
      readonly algorithms: readonly AlgorithmUse[]
    }
  | { readonly problem: TimestampProblem }

/**
 * Checks a token but for the authority's certification path: imprint, signature, attributes, and a certificate made for time-stamping
 * and nothing else (RFC 3161 §2.3).
 * @param imprint digest that must have been stamped, by the token's own hash
 */
export function checkTimestampToken(token: TimestampToken, imprint: (hash: KnownHash) => Uint8Array): TimestampVerdict {
  const { signedData, hash } = token
  if (hash === null || Buffer.compare(imprint(hash), token.imprint) !== 0) return { problem: 'imprint-differs' }
  const [signer] = signedData.signers
  if (!signer?.hash || !signedData.content || signedData.signers.length !== 1) return { problem: 'signature-invalid' }
  const facts = checkSigner(signedData, signer, createHash(nodeHash(signer.hash)).update(signedData.content).digest())
  if (!facts.certificate || !facts.signatureValid || !facts.digestMatches || !facts.contentTypeMatches) {
    return { problem: 'signature-invalid' }
  }
  if (facts.signingCertificateMatches !== true) return { problem: 'signing-certificate-differs' }
  const usage = facts.certificate.extendedKeyUsage
  const critical = facts.certificate.extensions.get(EXTENSION.extendedKeyUsage)?.critical === true
  if (usage?.length !== 1 || usage[0] !== TIME_STAMPING || !critical) return { problem: 'not-for-timestamping' }
  if (!facts.algorithm) return { problem: 'algorithm-too-weak' }
  const stamped = { ...facts.algorithm, hash: nodeHash(hash) }
  return { problem: null, certificate: facts.certificate, time: token.time, algorithms: [facts.algorithm, stamped] }
}
