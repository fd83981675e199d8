import type { PathCertificate } from './certificate.ts'
import { type DistributionPoint, distributionPointKeys, KEY_USAGE } from './extensions.ts'
import { directoryKey, generalNameKey } from './general-name.ts'
import {
  freshness,
  isReliable,
  type RevocationContext,
  type RevocationSubject,
  revocationAt,
  signerTime,
} from './revocation.ts'
import { findEntry, isDeltaFor, type RevocationList } from './revocation-list.ts'
import type { WorkingKey } from './signature.ts'
import type { Authority } from './trust-anchor.ts'
import type { RevocationStatus } from './types.ts'

/** Bits 1–8 of ReasonFlags: everything a certificate can be revoked for (RFC 5280 §4.2.1.13). */
const ALL_REASONS = 0b1_1111_1110

function reasonMask(reasons: ReadonlySet<number> | null | undefined): number {
  if (!reasons) return ALL_REASONS
  let mask = 0
  for (const reason of reasons) mask |= 1 << reason
  return mask & ALL_REASONS
}

/**
 * What revocation lists say of a certificate (RFC 5280 §6.3.3).
 * @param pending certificates whose status is being asked further up the call
 * @throws WorkLimitExceeded
 */
export function checkLists(
  subject: RevocationSubject,
  context: RevocationContext,
  pending: ReadonlySet<string>,
): RevocationStatus {
  const { at } = context.settings
  // of several lists the newest counts; but one made after the time in question does not unsay a suspension at that time
  const times = [
    context.lists.filter(list => list.thisUpdate <= at),
    context.lists.filter(list => list.thisUpdate > at),
  ]
  const asked = new Set(pending).add(subject.certificate.sha256)
  // a signer of lists may vouch for itself only where nobody else speaks: a stolen key would call itself good for ever
  for (const mistrusted of [asked, new Set<string>()]) {
    const statuses = times.map(lists => checkAmong(subject, { ...context, lists, asked, mistrusted }))
    const settled =
      statuses.find(({ kind }) => kind === 'revoked') ?? statuses.find(({ kind }) => kind === 'good') ?? null
    if (settled) return settled
  }
  return { kind: 'unknown' }
}

interface ListContext extends RevocationContext {
  /** Certificates whose status is being asked, this one's included. */
  readonly asked: ReadonlySet<string>
  /** Those among them whose own lists do not count. */
  readonly mistrusted: ReadonlySet<string>
}

function checkAmong(subject: RevocationSubject, context: ListContext): RevocationStatus {
  const { certificate } = subject
  const points = distributionPoints(certificate)
  let covered = 0
  // newest list first, whichever point it belongs to: what became known last is told first
  for (const list of context.lists) {
    if (list.baseNumber !== null || list.beyondUnderstanding) continue
    for (const point of points) {
      if (!isIssuerMeant(list, point, certificate) || !isInScope(list, point, certificate)) continue
      context.budget.spend()
      const reasons = reasonMask(list.scope?.reasons) & reasonMask(point.reasons)
      if ((reasons & ~covered) === 0) continue
      const fresh = freshness(context.settings, list.thisUpdate, list.nextUpdate)
      if (fresh === 'future') continue
      const signer = signerOf(list, subject, context)
      if (!signer) continue
      const speaksFor = fresh === 'fresh' && signer.reliable
      const revoked = revocationIn(list, signer.key, certificate, speaksFor, context)
      if (revoked) return revoked
      if (speaksFor && knowsExpired(list, certificate)) covered |= reasons
      if (covered === ALL_REASONS) return { kind: 'good' }
    }
  }
  return { kind: 'unknown' }
}

/**
 * The certificate's distribution points, then the one that stands for lists found elsewhere. A certificate whose points all name another
 * issuer of lists has none of the latter: its own issuer said that it does not publish its status.
 */
function distributionPoints({ distributionPoints: points, issuer }: PathCertificate): readonly DistributionPoint[] {
  const implied: DistributionPoint = {
    names: { kind: 'full', keys: [directoryKey(issuer.key)] },
    reasons: null,
    crlIssuers: null,
  }
  const own = points ?? []
  return own.length > 0 && own.every(point => point.crlIssuers !== null) ? own : [...own, implied]
}

/** §6.3.3 (b)(1). */
function isIssuerMeant(list: RevocationList, point: DistributionPoint, certificate: PathCertificate): boolean {
  if (point.crlIssuers) {
    const issuer = directoryKey(list.issuer.key)
    return list.scope?.indirect === true && point.crlIssuers.some(name => generalNameKey(name) === issuer)
  }
  return list.issuer.key === certificate.issuer.key
}

/** §6.3.3 (b)(2). */
function isInScope(list: RevocationList, point: DistributionPoint, certificate: PathCertificate): boolean {
  const { scope } = list
  if (!scope) return true
  const isAuthority = certificate.basicConstraints?.authority === true
  if (scope.only === 'attribute') return false
  // a certificate before v3 does not say of which kind it is
  if (scope.only !== null && certificate.version !== 3) return false
  if (scope.only === 'user' && isAuthority) return false
  if (scope.only === 'authority' && !isAuthority) return false
  if (!scope.names) return true
  const published = distributionPointKeys(scope.names, list.issuer)
  // a point that names a list without an issuer of lists means a direct one (§4.2.1.13)
  if (scope.indirect && point.names && !point.crlIssuers) return false
  const wanted = point.names
    ? distributionPointKeys(point.names, point.crlIssuers ? list.issuer : certificate.issuer)
    : (point.crlIssuers ?? []).map(generalNameKey)
  return published.some(name => wanted.includes(name))
}

/** Expired certificates may be dropped from a list (RFC 5280 §3.3) unless it says that it keeps them (X.509 §9.5.2.9). */
function knowsExpired(list: RevocationList, certificate: PathCertificate): boolean {
  const { expiredCertificatesSince: since } = list
  return list.thisUpdate <= certificate.notAfter || (since !== null && since <= certificate.notAfter)
}

/** §6.3.3 (c), (h)–(k): the delta's word counts before that of the list. */
function revocationIn(
  list: RevocationList,
  key: WorkingKey,
  certificate: PathCertificate,
  isFresh: boolean,
  { settings, lists, signatures }: RevocationContext,
): RevocationStatus | null {
  for (const delta of lists) {
    const isMeant = isDeltaFor(delta, list) && !delta.beyondUnderstanding
    if (!isMeant || freshness(settings, delta.thisUpdate, delta.nextUpdate) !== 'fresh') continue
    const reliable = isReliable(signatures.check(delta, key))
    if (reliable === null) continue
    const late = findEntry(delta, certificate.serialKey, certificate.issuer)
    const status = late && revocationAt(settings, late, delta.thisUpdate, reliable)
    if (status || (late && reliable)) return status
    if (reliable) break
  }
  const entry = findEntry(list, certificate.serialKey, certificate.issuer)
  return entry && revocationAt(settings, entry, list.thisUpdate, isFresh)
}

function maySignLists({ certificate }: Pick<Authority, 'certificate'>): boolean {
  return !certificate?.keyUsage || certificate.keyUsage.has(KEY_USAGE.crlSign)
}

/** §6.3.3 (f), (g): the key that signed the list, of an authority of the path or of a certificate with a valid path to the same anchor. */
function signerOf(
  list: RevocationList,
  { above, anchor }: RevocationSubject,
  { pool, signatures, settings, trustedKey, asked, mistrusted }: ListContext,
): { readonly key: WorkingKey; readonly reliable: boolean } | null {
  for (const authority of above) {
    const fits = authority.name.key === list.issuer.key && maySignLists(authority)
    const reliable = fits ? isReliable(signatures.check(list, authority.key)) : null
    if (reliable !== null) return { key: authority.key, reliable }
  }
  for (const signer of pool.get(list.issuer.key) ?? []) {
    if (mistrusted.has(signer.sha256) || !maySignLists({ certificate: signer })) continue
    const outcome = signatures.check(list, signatures.keyOf(signer.publicKeyInfo, null))
    if (isReliable(outcome) === null && outcome !== 'incomplete') continue
    const key = trustedKey(signer, anchor, signerTime(settings, list.thisUpdate), asked)
    const reliable = key && isReliable(signatures.check(list, key))
    if (key && reliable !== null) return { key, reliable }
  }
  return null
}
