import type { CertificatePool } from './build-paths.ts'
import type { PathCertificate } from './certificate.ts'
import type { OcspResponse } from './ocsp-response.ts'
import { REASON, type RevocationList } from './revocation-list.ts'
import type { SignatureChecker, SignatureOutcome, WorkingKey } from './signature.ts'
import type { Authority, TrustAnchor } from './trust-anchor.ts'
import type { RevocationSettings, RevocationStatus } from './types.ts'
import type { WorkBudget } from './work-budget.ts'

/** A certificate with the path above it. */
export interface RevocationSubject {
  readonly certificate: PathCertificate
  /** Issuer first, anchor last: each already found good, or being judged in the same run. */
  readonly above: readonly Authority[]
  readonly anchor: TrustAnchor
}

/** What all questions of one run have in common. */
export interface RevocationContext {
  readonly settings: RevocationSettings
  /** Newest first. */
  readonly lists: readonly RevocationList[]
  readonly answers: readonly OcspResponse[]
  readonly pool: CertificatePool
  readonly signatures: SignatureChecker
  readonly budget: WorkBudget
  /**
   * Key of a certificate that has a valid path to the anchor at a time; null when it has none.
   * @param pending certificates whose status is just being asked: asking again would never end
   */
  readonly trustedKey: (
    certificate: PathCertificate,
    anchor: TrustAnchor,
    at: Date,
    pending: ReadonlySet<string>,
  ) => WorkingKey | null
}

/** For lists and answers that do not say when the next one comes, milliseconds: a week. */
const AGE_WITHOUT_NEXT_UPDATE = 7 * 24 * 60 * 60 * 1000

/**
 * How a list or an answer stands to the time of validation: `fresh` speaks for it; `stale` was outdated then, but what it calls revoked stays
 * revoked; `future` was made after the newest time that counts.
 */
export function freshness(
  { at, now = at, maximumAge }: RevocationSettings,
  thisUpdate: Date,
  nextUpdate: Date | null,
): 'fresh' | 'stale' | 'future' {
  if (thisUpdate > now && thisUpdate > at) return 'future'
  // made after the time in question, it knows all that happened until then
  if (thisUpdate > at) return 'fresh'
  const age = at.getTime() - thisUpdate.getTime()
  const limit = maximumAge ?? (nextUpdate ? Number.POSITIVE_INFINITY : AGE_WITHOUT_NEXT_UPDATE)
  return age <= limit && (nextUpdate === null || nextUpdate >= at) ? 'fresh' : 'stale'
}

/**
 * Whether a list or an answer with that signature proves something good; null when it says nothing. One made in a way that is not relied on
 * any more is believed when it calls something revoked, as an outdated one is: nobody gains by passing it over in silence.
 */
export function isReliable(outcome: SignatureOutcome): boolean | null {
  return outcome === 'valid' ? true : outcome === 'refused' ? false : null
}

/** The time at which the signer of a list or answer has to be valid. */
export function signerTime({ at }: RevocationSettings, thisUpdate: Date): Date {
  return thisUpdate > at ? thisUpdate : at
}

/**
 * The status that a revocation gives at the time of validation; null when it does not count: lifted, made only later, or a suspension out of
 * an outdated list, which may have been lifted since.
 */
export function revocationAt(
  { at }: RevocationSettings,
  revoked: { readonly revokedAt: Date; readonly reason: number },
  thisUpdate: Date,
  isFresh: boolean,
): RevocationStatus | null {
  const { revokedAt, reason } = revoked
  if (reason === REASON.removeFromCrl) return null
  if (!isFresh && reason === REASON.certificateHold) return null
  if (thisUpdate > at && revokedAt > at) return null
  return { kind: 'revoked', at: revokedAt, reason }
}
