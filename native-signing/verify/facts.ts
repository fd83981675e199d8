import { createHash } from 'node:crypto'
import { type KnownHash, nodeHash } from '../cms/algorithms.ts'
import { OID, parseSignedData, type SignedData, type SignerInfo } from '../cms/signed-data.ts'
import { checkSigner, type SignerFacts } from '../cms/signer.ts'
import { DerError } from '../der/reader.ts'
import { SigningError } from '../errors.ts'
import type { AlgorithmUse } from '../path/signature.ts'
import type { AlgorithmVerdict } from '../trust/algorithm-rules.ts'
import type { ParsedCertificate } from '../trust/certificate.ts'
import type { PathVerdict } from '../trust/chain.ts'
import {
  checkTimestampToken,
  parseTimestampToken,
  type TimestampProblem,
  type TimestampToken,
} from '../trust/timestamp-token.ts'
import type { Certificate } from '../types.ts'
import type { Change } from './change.ts'
import type { LocatedSignature } from './located-signature.ts'

/** A time-stamp token, checked but for its authority's path. */
export interface TimestampFacts {
  readonly problem: TimestampProblem | 'unreadable' | null
  readonly time: Date | null
  readonly certificate: ParsedCertificate | null
  readonly algorithms: readonly AlgorithmUse[]
  /** Certificates in the token, untrusted. */
  readonly embedded: readonly Certificate[]
}

/** What one signature says by itself: attributes, digest, signature values. Certification paths and times are not asked yet. */
export interface ExaminedSignature {
  readonly located: LocatedSignature
  /** The CMS could be read and has exactly one signer. */
  readonly readable: boolean
  /** Null for document time-stamps. */
  readonly signer: SignerFacts | null
  /** The signature's own time-stamp, or the document time-stamp itself. */
  readonly timestamp: TimestampFacts | null
  /** Certificates in the CMS, untrusted. */
  readonly embedded: readonly Certificate[]
}

/** A signature and what the file says of it: all that needs no certificate to be trusted. */
export interface SignatureInFile extends ExaminedSignature {
  readonly coversWholeFile: boolean
  readonly changes: readonly Change[]
}

/** All that was found out about one signature; `judge.ts` turns it into a verdict without reading anything further. */
export interface SignatureFacts extends SignatureInFile {
  /** Path of the time-stamp's authority, at `timestampJudgedAt`; null when there is no time-stamp or it is wrong. */
  readonly timestampPath: PathVerdict | null
  /** Earliest time at which the time-stamp is proven to have existed, else the time of verification. */
  readonly timestampJudgedAt: Date
  /** Path of the signing certificate at the proven time, else at the time of verification. */
  readonly path: PathVerdict | null
  readonly provenTime: Date | null
  /** The signer's algorithm where it was no longer relied on at the proven time, else at the time of verification. */
  readonly weakAlgorithm: AlgorithmVerdict | null
  /** It has a time-stamp of its own that is in order, or a document time-stamp follows; trusted or not. */
  readonly stamped: boolean
  /** Whether the file itself holds what is needed to judge the signature later, and whether that is under a time-stamp too. */
  readonly archived: 'none' | 'validation-data' | 'time-stamped'
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
export function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError || (error instanceof SigningError && error.code === 'certificate-unreadable'))
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

function timestampFacts(token: TimestampToken | null, imprint: (hash: KnownHash) => Uint8Array): TimestampFacts {
  const verdict = token && readable(() => checkTimestampToken(token, imprint))
  const nothing = { time: null, certificate: null, algorithms: [], embedded: [] }
  if (!token || !verdict) return { ...nothing, problem: 'unreadable' }
  if (verdict.problem !== null) return { ...nothing, problem: verdict.problem }
  return {
    problem: null,
    time: verdict.time,
    certificate: verdict.certificate,
    algorithms: verdict.algorithms,
    embedded: embeddedIn(token.signedData),
  }
}

function embeddedIn({ certificates }: SignedData): readonly Certificate[] {
  return certificates.map(each => each.certificate)
}

/** @param digest of the covered bytes by `signature.hash`; null when they could not be hashed */
export function examineSignature(signature: ReadSignature, digest: Uint8Array | null): ExaminedSignature {
  const { located, signedData, signer } = signature
  const unread: ExaminedSignature = { located, readable: false, signer: null, timestamp: null, embedded: [] }
  if (!signedData || !signer || !digest) return unread
  const embedded = embeddedIn(signedData)
  if (located.kind === 'document-timestamp') {
    const timestamp = timestampFacts(signature.timestampToken, () => digest)
    return { located, readable: true, signer: null, timestamp, embedded }
  }
  const facts = readable(() => checkSigner(signedData, signer, digest))
  if (!facts) return unread
  const stamp = signer.unsigned.get(OID.signatureTimestamp)?.[0]
  const timestamp = stamp
    ? timestampFacts(
        readable(() => parseTimestampToken(stamp.bytes)),
        hash => createHash(nodeHash(hash)).update(signer.signature).digest(),
      )
    : null
  return { located, readable: true, signer: facts, timestamp, embedded }
}
