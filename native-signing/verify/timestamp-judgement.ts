import { createHash } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { DerError } from '../der/reader.ts'
import { SigningError } from '../errors.ts'
import { isReliable } from '../trust/algorithm-rules.ts'
import { type PathProblem, type TrustSettings, validatePath } from '../trust/chain.ts'
import { newestBelievable } from '../trust/clock.ts'
import { checkTimestampToken, parseTimestampToken, type TimestampProblem } from '../trust/timestamp-token.ts'

/** What a time-stamp token over bytes of our own is worth. */
export type TimestampJudgement =
  | { readonly problem: null; readonly time: Date }
  | { readonly problem: TimestampProblem | PathProblem | 'unreadable' | 'in-the-future'; readonly time: Date | null }

/**
 * Judges a time-stamp token that stands alone (RFC 3161): over these bytes, by a certificate for time-stamping, whose path was valid when it was
 * made, at a time that is not still to come.
 * @param token DER of the TimeStampToken
 * @param stamped the bytes that it must be over
 */
export function judgeTimestamp(
  token: Uint8Array,
  stamped: Uint8Array,
  trust: TrustSettings,
  now: Date,
): TimestampJudgement {
  try {
    const parsed = parseTimestampToken(token)
    if (!parsed) return { problem: 'unreadable', time: null }
    const verdict = checkTimestampToken(parsed, hash => createHash(nodeHash(hash)).update(stamped).digest())
    if (verdict.problem !== null) return { problem: verdict.problem, time: parsed.time }
    const { time, certificate } = verdict
    if (time > newestBelievable(now)) return { problem: 'in-the-future', time }
    if (!verdict.algorithms.every(use => isReliable(use, now, trust.algorithms))) {
      return { problem: 'algorithm-too-weak', time }
    }
    const embedded = parsed.signedData.certificates.map(each => each.certificate)
    const path = validatePath(certificate.certificate, embedded, trust, time, newestBelievable(now))
    return path.problem === null ? { problem: null, time } : { problem: path.problem, time }
  } catch (error) {
    if (error instanceof DerError || error instanceof SigningError) return { problem: 'unreadable', time: null }
    throw error
  }
}
