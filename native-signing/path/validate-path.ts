import { DerError, sameBytes } from '../der/reader.ts'
import { SigningError } from '../errors.ts'
import { buildPaths, type CertificatePool, certificatePool } from './build-paths.ts'
import { type PathCertificate, readPathCertificate } from './certificate.ts'
import { checkAnswers } from './check-answers.ts'
import { checkLists } from './check-lists.ts'
import { type OcspResponse, readOcspResponse } from './ocsp-response.ts'
import { ANY_POLICY } from './policy-graph.ts'
import { type PathFailure, type PolicyInputs, type ProcessedPath, processPath } from './process-path.ts'
import type { RevocationContext, RevocationSubject } from './revocation.ts'
import { readRevocationList } from './revocation-list.ts'
import { SignatureChecker, type WorkingKey } from './signature.ts'
import { readTrustAnchor, type TrustAnchor } from './trust-anchor.ts'
import type { PathInput, PathReason, PathResult, RevocationSettings, RevocationStatus } from './types.ts'
import { WorkBudget, WorkLimitExceeded } from './work-budget.ts'

/** Ten for a signature, one for a look at a list or an issuer: two thousand signatures, a second at worst. */
const WORK_LIMIT = 20_000
/** A path for the signer of a list. */
const PATH_COST = 10

const ANY_POLICY_INPUTS: PolicyInputs = {
  accepted: new Set([ANY_POLICY]),
  requireExplicitPolicy: false,
  inhibitPolicyMapping: false,
  inhibitAnyPolicy: false,
}

/** What one run of the engine works with. */
interface Run extends RevocationContext {
  readonly mode: 'required' | 'if-available' | 'off'
}

/**
 * Finds a certification path from a trust anchor to a certificate and judges it (RFC 5280 §6, policies by RFC 9618, OCSP by RFC 6960).
 * Pure: no network, no files, no clock. Extended key usages are left to the caller, who knows the purpose.
 * @throws SigningError certificate-unreadable when the target, or every anchor, is no certificate
 */
export function validatePath(input: PathInput): PathResult {
  const target = orUnreadable(() => readPathCertificate(input.target))
  const anchors = readable(input.anchors, readTrustAnchor)
  if (anchors.length === 0) orUnreadable(() => input.anchors.map(readTrustAnchor))
  const pool = certificatePool(readable(input.intermediates ?? [], readPathCertificate))
  try {
    return judge(
      target,
      anchors,
      policyInputs(input),
      input.at,
      new Set(),
      newRun(input, pool, input.revocation ?? 'required'),
    )
  } catch (error) {
    if (!(error instanceof WorkLimitExceeded)) throw error
    return notValid({ reason: 'too-complex', certificate: target }, [target], null)
  }
}

export interface RevocationQuestion extends RevocationSettings {
  /** Target first, then its issuers up to the anchor; all of them taken as trusted. */
  readonly path: readonly [Uint8Array, Uint8Array, ...Uint8Array[]]
  /** Certificates that may have signed lists or answers. */
  readonly intermediates?: readonly Uint8Array[]
}

/**
 * What lists and OCSP answers say of a certificate whose path is trusted already (RFC 5280 §6.3, RFC 6960).
 * @throws SigningError certificate-unreadable when one of the path is no certificate
 */
export function checkRevocation(question: RevocationQuestion): RevocationStatus {
  const [certificateDer, ...issuerDers] = question.path
  const certificate = orUnreadable(() => readPathCertificate(certificateDer))
  const above = orUnreadable(() => issuerDers.map(readTrustAnchor))
  const anchor = above.at(-1)
  if (!anchor) return { kind: 'unknown' }
  const pool = certificatePool(readable(question.intermediates ?? [], readPathCertificate))
  try {
    return revocationStatus({ certificate, above, anchor }, newRun(question, pool, 'required'), new Set())
  } catch (error) {
    if (!(error instanceof WorkLimitExceeded)) throw error
    return { kind: 'unknown' }
  }
}

function orUnreadable<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof DerError) throw new SigningError('certificate-unreadable', {}, { cause })
    throw cause
  }
}

/** Those that can be read: a damaged thing among many helps nobody, and must not hide the others. */
function readable<I, T>(ders: readonly I[], read: (der: I) => T | null): readonly T[] {
  return ders.flatMap(der => {
    try {
      const value = read(der)
      return value === null ? [] : [value]
    } catch (error) {
      if (error instanceof DerError) return []
      throw error
    }
  })
}

function policyInputs(input: PathInput): PolicyInputs {
  const { policies = [], requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = input
  return {
    accepted: policies.length > 0 ? new Set(policies) : ANY_POLICY_INPUTS.accepted,
    requireExplicitPolicy: requireExplicitPolicy ?? false,
    inhibitPolicyMapping: inhibitPolicyMapping ?? false,
    inhibitAnyPolicy: inhibitAnyPolicy ?? false,
  }
}

function newRun(settings: RevocationSettings, pool: CertificatePool, mode: Run['mode']): Run {
  const budget = new WorkBudget(WORK_LIMIT)
  const lists = mode === 'off' ? [] : readable(settings.crls ?? [], readRevocationList)
  const answers: readonly OcspResponse[] = mode === 'off' ? [] : readable(settings.ocsp ?? [], readOcspResponse)
  const run: Run = {
    mode,
    settings,
    lists: lists.toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime()),
    answers,
    pool,
    signatures: new SignatureChecker(settings.acceptsAlgorithm ?? (() => true), budget),
    budget,
    trustedKey: (certificate, anchor, at, pending) => trustedKey(certificate, anchor, at, pending, run),
  }
  return run
}

function trustedKey(
  certificate: PathCertificate,
  anchor: TrustAnchor,
  at: Date,
  pending: ReadonlySet<string>,
  run: Run,
): WorkingKey | null {
  run.budget.spend(PATH_COST)
  for (const { path } of buildPaths(certificate, [anchor], run.pool, run.signatures, run.budget, () => {})) {
    const processed = processPath(path, anchor, ANY_POLICY_INPUTS, at, run.signatures)
    if (processed.failure || !areGood(path, anchor, processed, pending, run)) continue
    const [issuer] = processed.issuers
    return run.signatures.keyOf(certificate.publicKeyInfo, issuer?.key ?? null)
  }
  return null
}

function areGood(
  path: readonly PathCertificate[],
  anchor: TrustAnchor,
  processed: ProcessedPath,
  pending: ReadonlySet<string>,
  run: Run,
): boolean {
  return statusesOf(path, anchor, processed, pending, run).every(
    ({ kind }) => kind === 'good' || kind === 'not-checked' || (kind === 'unknown' && run.mode === 'if-available'),
  )
}

/** One status for each certificate of a path; those being asked already are left out. */
function statusesOf(
  path: readonly PathCertificate[],
  anchor: TrustAnchor,
  { issuers }: ProcessedPath,
  pending: ReadonlySet<string>,
  run: Run,
): readonly RevocationStatus[] {
  return path.map((certificate, index) =>
    run.mode === 'off' || pending.has(certificate.sha256)
      ? { kind: 'not-checked' }
      : revocationStatus({ certificate, above: issuers.slice(index), anchor }, run, pending),
  )
}

/** OCSP and lists together: who is revoked by one is revoked. */
function revocationStatus(
  subject: RevocationSubject,
  context: RevocationContext,
  pending: ReadonlySet<string>,
): RevocationStatus {
  const answered = checkAnswers(subject, context, pending)
  if (answered.kind === 'revoked') return answered
  const listed = checkLists(subject, context, pending)
  return listed.kind === 'revoked' || answered.kind === 'unknown' ? listed : answered
}

function notValid(
  { reason, certificate }: PathFailure,
  path: readonly PathCertificate[],
  anchor: TrustAnchor | null,
  revocation: readonly RevocationStatus[] = path.map(() => ({ kind: 'not-checked' })),
): PathResult {
  return {
    valid: false,
    reason,
    failing: certificate,
    path,
    anchor,
    authorityPolicies: [],
    userPolicies: [],
    revocation,
  }
}

/** The more a failure says, the higher: revoked before unknown status, a fault in a whole path before no path at all. */
function weight(reason: PathReason | null): number {
  if (reason === 'revoked') return 4
  if (reason === 'revocation-unknown') return 3
  if (reason === 'no-path') return 0
  return reason === 'signature-invalid' ? 1 : 2
}

function judge(
  target: PathCertificate,
  anchors: readonly TrustAnchor[],
  policies: PolicyInputs,
  at: Date,
  pending: ReadonlySet<string>,
  run: Run,
): PathResult {
  const trusted = anchors.find(({ certificate }) => certificate && sameBytes(certificate.der, target.der))
  if (trusted) return judgeAnchor(target, trusted, policies, at)
  let best = notValid({ reason: 'no-path', certificate: target }, [target], null)
  const consider = (result: PathResult) => {
    if (weight(result.reason) > weight(best.reason)) best = result
  }
  const candidates = buildPaths(target, anchors, run.pool, run.signatures, run.budget, failure =>
    consider(notValid(failure, [target], null)),
  )
  for (const { path, anchor } of candidates) {
    const result = judgePath(path, anchor, policies, at, pending, run)
    if (result.valid) return result
    consider(result)
  }
  return best
}

/** A certificate that is trusted as such needs no path, but it must be valid at the time like any other. */
function judgeAnchor(target: PathCertificate, anchor: TrustAnchor, policies: PolicyInputs, at: Date): PathResult {
  const reason = at < target.notBefore ? 'not-yet-valid' : at > target.notAfter ? 'expired' : null
  if (reason) return notValid({ reason, certificate: target }, [target], anchor)
  return {
    valid: true,
    reason: null,
    failing: null,
    path: [target],
    anchor,
    authorityPolicies: [ANY_POLICY],
    userPolicies: [...policies.accepted],
    revocation: [{ kind: 'not-checked' }],
  }
}

function judgePath(
  path: readonly PathCertificate[],
  anchor: TrustAnchor,
  policies: PolicyInputs,
  at: Date,
  pending: ReadonlySet<string>,
  run: Run,
): PathResult {
  const processed = processPath(path, anchor, policies, at, run.signatures)
  if (processed.failure) return notValid(processed.failure, path, anchor)
  const revocation = statusesOf(path, anchor, processed, pending, run)
  const lastWith = (kind: RevocationStatus['kind']) => path.findLast((_, index) => revocation[index]?.kind === kind)
  const revoked = lastWith('revoked')
  if (revoked) return notValid({ reason: 'revoked', certificate: revoked }, path, anchor, revocation)
  const unknown = run.mode === 'required' ? lastWith('unknown') : undefined
  if (unknown) return notValid({ reason: 'revocation-unknown', certificate: unknown }, path, anchor, revocation)
  return {
    valid: true,
    reason: null,
    failing: null,
    path,
    anchor,
    authorityPolicies: processed.authorityPolicies,
    userPolicies: processed.userPolicies,
    revocation,
  }
}
