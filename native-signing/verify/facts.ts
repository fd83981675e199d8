import { createHash } from 'node:crypto'
import { type KnownHash, nodeHash } from '../cms/algorithms.ts'
import { MalformedAsn1 } from '../cms/der.ts'
import { OID, parseSignedData, type SignedData, type SignerInfo } from '../cms/signed-data.ts'
import { checkSigner, type SignerFacts } from '../cms/signer.ts'
import { SigningError } from '../errors.ts'
import type { ParsedCertificate } from '../trust/certificate.ts'
import { type PathVerdict, type TrustSettings, validatePath } from '../trust/chain.ts'
import {
  checkTimestampToken,
  parseTimestampToken,
  type TimestampProblem,
  type TimestampToken,
} from '../trust/timestamp-token.ts'
import type { Certificate } from '../types.ts'
import type { Change } from './difference.ts'
import type { LocatedSignature } from './located-signature.ts'

/** A time-stamp token, checked. */
export interface TimestampFacts {
  readonly problem: TimestampProblem | 'unreadable' | null
  readonly time: Date | null
  readonly certificate: ParsedCertificate | null
  /** Null when the token itself is wrong. */
  readonly path: PathVerdict | null
}

/** All that was found out about one signature; `judge.ts` turns it into a verdict without reading anything further. */
export interface SignatureFacts {
  readonly located: LocatedSignature
  readonly coversWholeFile: boolean
  /** The CMS could be read and has exactly one signer. */
  readonly readable: boolean
  readonly signer: SignerFacts | null
  readonly timestamp: TimestampFacts | null
  /** Path of the signing certificate at the proven time, else at the time of verification. */
  readonly path: PathVerdict | null
  readonly provenTime: Date | null
  readonly changes: readonly Change[]
}

/** The CMS of a signature, read before its bytes are hashed because it names the hash. */
export interface ReadSignature {
  readonly located: LocatedSignature
  readonly signedData: SignedData | null
  readonly signer: SignerInfo | null
  readonly timestampToken: TimestampToken | null
  /** The hash by which the document's bytes are to be hashed; null when that will not help any more. */
  readonly hash: KnownHash | null
}

/** Reads what other programs wrote: null for what is not what it should be. */
function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof MalformedAsn1 || (error instanceof SigningError && error.code === 'certificate-unreadable'))
      return null
    throw error
  }
}

export function readSignature(located: LocatedSignature): ReadSignature {
  const nothing = { located, signedData: null, signer: null, timestampToken: null, hash: null }
  if (located.kind === 'document-timestamp') {
    const timestampToken = readable(() => parseTimestampToken(located.contents))
    const [signer = null] = timestampToken?.signedData.signers ?? []
    return timestampToken
      ? { located, signedData: timestampToken.signedData, signer, timestampToken, hash: timestampToken.hash }
      : nothing
  }
  const signedData = readable(() => parseSignedData(located.contents))
  const [signer] = signedData?.signers ?? []
  if (!signedData || !signer || signedData.signers.length !== 1 || signedData.content !== null) return nothing
  return { located, signedData, signer, timestampToken: null, hash: signer.hash }
}

function timestampFacts(
  token: TimestampToken | null,
  imprint: (hash: KnownHash) => Uint8Array,
  trust: TrustSettings,
  at: Date,
): TimestampFacts {
  const verdict = token && readable(() => checkTimestampToken(token, imprint))
  if (!token || !verdict) return { problem: 'unreadable', time: null, certificate: null, path: null }
  if (verdict.problem !== null) return { problem: verdict.problem, time: null, certificate: null, path: null }
  const path = validatePath(verdict.certificate.certificate, embedded(token.signedData), trust, at)
  return { problem: null, time: verdict.time, certificate: verdict.certificate, path }
}

function embedded({ certificates }: SignedData): readonly Certificate[] {
  return certificates.map(each => each.certificate)
}

/** Time that a time-stamp proves: only when it is in order and its authority trusted. */
function provenBy(timestamp: TimestampFacts | null): Date | null {
  return timestamp?.problem === null && timestamp.path?.problem === null ? timestamp.time : null
}

/**
 * @param digest of the covered bytes by `signature.hash`; null when they could not be hashed
 * @param at time of verification
 */
export function gatherFacts(
  signature: ReadSignature,
  digest: Uint8Array | null,
  context: {
    readonly changes: readonly Change[]
    readonly fileLength: number
    readonly trust: TrustSettings
    readonly at: Date
  },
): SignatureFacts {
  const { located, signedData, signer } = signature
  const { changes, trust, at } = context
  const base = { located, changes, coversWholeFile: located.revisionEnd === context.fileLength }
  const unread: SignatureFacts = {
    ...base,
    readable: false,
    signer: null,
    timestamp: null,
    path: null,
    provenTime: null,
  }
  if (!signedData || !signer || !digest) return unread
  if (located.kind === 'document-timestamp') {
    const timestamp = timestampFacts(signature.timestampToken, () => digest, trust, at)
    return { ...base, readable: true, signer: null, timestamp, path: timestamp.path, provenTime: provenBy(timestamp) }
  }
  const facts = readable(() => checkSigner(signedData, signer, digest))
  if (!facts) return unread
  const stamp = signer.unsigned.get(OID.signatureTimestamp)?.[0]
  const timestamp = stamp
    ? timestampFacts(
        readable(() => parseTimestampToken(stamp.bytes)),
        hash => createHash(nodeHash(hash)).update(signer.signature).digest(),
        trust,
        at,
      )
    : null
  const provenTime = provenBy(timestamp)
  const path =
    facts.certificate && validatePath(facts.certificate.certificate, embedded(signedData), trust, provenTime ?? at, at)
  return { ...base, readable: true, signer: facts, timestamp, path, provenTime }
}
