import { type PathCertificate, PROCESSED_CERTIFICATE_EXTENSIONS } from './certificate.ts'
import { KEY_USAGE, type NameConstraints, unknownCritical } from './extensions.ts'
import { namesAllowed } from './name-constraints.ts'
import {
  ANY_POLICY,
  addPolicies,
  authorityPolicies,
  initialPolicyGraph,
  mapPolicies,
  type PolicyGraph,
  userPolicies,
} from './policy-graph.ts'
import type { SignatureChecker, SignatureOutcome } from './signature.ts'
import type { Authority, TrustAnchor } from './trust-anchor.ts'
import type { PathReason } from './types.ts'

/** RFC 5280 §6.1.1 (c), (e)–(g). */
export interface PolicyInputs {
  readonly accepted: ReadonlySet<string>
  readonly requireExplicitPolicy: boolean
  readonly inhibitPolicyMapping: boolean
  readonly inhibitAnyPolicy: boolean
}

export interface PathFailure {
  readonly reason: PathReason
  readonly certificate: PathCertificate
}

export interface ProcessedPath {
  readonly failure: PathFailure | null
  /** Issuer of each certificate of the path, target's first. */
  readonly issuers: readonly Authority[]
  readonly authorityPolicies: readonly string[]
  readonly userPolicies: readonly string[]
}

/** Names and key of a signature's fault. */
export function signatureReason(outcome: Exclude<SignatureOutcome, 'valid'>): PathReason {
  if (outcome === 'invalid') return 'signature-invalid'
  return outcome === 'refused' ? 'algorithm-refused' : 'algorithm-unsupported'
}

/** RFC 5280 §6.1.2 (d)–(k) with RFC 9618's graph. */
interface State {
  readonly issuer: Authority
  readonly constraints: readonly NameConstraints[]
  readonly graph: PolicyGraph
  readonly explicitPolicy: number
  readonly policyMapping: number
  readonly inhibitAnyPolicy: number
  readonly maximumLength: number
}

/**
 * Processes one path (RFC 5280 §6.1) but for revocation, which is asked for paths that are otherwise valid only.
 * @param path target first, without the anchor
 */
export function processPath(
  path: readonly PathCertificate[],
  anchor: TrustAnchor,
  inputs: PolicyInputs,
  at: Date,
  signatures: SignatureChecker,
): ProcessedPath {
  const count = path.length
  const downwards = [...path].reverse()
  const issuers: Authority[] = []
  let state: State = {
    issuer: anchor,
    constraints: anchor.nameConstraints ? [anchor.nameConstraints] : [],
    graph: initialPolicyGraph(),
    explicitPolicy: inputs.requireExplicitPolicy ? 0 : count + 1,
    policyMapping: inputs.inhibitPolicyMapping ? 0 : count + 1,
    inhibitAnyPolicy: inputs.inhibitAnyPolicy ? 0 : count + 1,
    maximumLength: Math.min(anchor.pathLength ?? count, count),
  }
  const failed = (reason: PathReason, certificate: PathCertificate): ProcessedPath => ({
    failure: { reason, certificate },
    issuers: [...issuers].reverse(),
    authorityPolicies: [],
    userPolicies: [],
  })
  for (const [index, certificate] of downwards.entries()) {
    const isLast = index === count - 1
    issuers.push(state.issuer)
    const reason = checkCertificate(certificate, state, isLast, at, signatures)
    if (reason) return failed(reason, certificate)
    state = withPolicies(state, certificate, isLast)
    if (state.explicitPolicy === 0 && state.graph === null) return failed('policy', certificate)
    if (isLast) break
    const authorityReason = checkAuthority(certificate, state)
    if (authorityReason) return failed(authorityReason, certificate)
    state = prepareNext(state, certificate, signatures)
  }
  const [target] = path
  const explicitPolicy = target ? explicitPolicyAtEnd(state.explicitPolicy, target) : state.explicitPolicy
  const granted = authorityPolicies(state.graph)
  const accepted = userPolicies(granted, inputs.accepted)
  if (target && explicitPolicy === 0 && accepted.size === 0) return failed('policy', target)
  return {
    failure: null,
    issuers: issuers.reverse(),
    authorityPolicies: [...granted],
    userPolicies: [...accepted],
  }
}

/** §6.1.3 (a)–(c), and the extensions nobody may ignore (§6.1.4 (o), §6.1.5 (f)). */
function checkCertificate(
  certificate: PathCertificate,
  { issuer, constraints }: State,
  isLast: boolean,
  at: Date,
  signatures: SignatureChecker,
): PathReason | null {
  if (certificate.issuer.key !== issuer.name.key) return 'no-path'
  const outcome = signatures.check(certificate, issuer.key)
  if (outcome !== 'valid') return signatureReason(outcome)
  if (at < certificate.notBefore) return 'not-yet-valid'
  if (at > certificate.notAfter) return 'expired'
  if ((!certificate.selfIssued || isLast) && !namesAllowed(certificate, constraints)) return 'name-not-permitted'
  if (unknownCritical(certificate.extensions, PROCESSED_CERTIFICATE_EXTENSIONS) !== null)
    return 'unknown-critical-extension'
  return null
}

/** §6.1.3 (d), (e). */
function withPolicies(state: State, certificate: PathCertificate, isLast: boolean): State {
  const anyPolicyCounts = state.inhibitAnyPolicy > 0 || (!isLast && certificate.selfIssued)
  return { ...state, graph: addPolicies(state.graph, certificate, anyPolicyCounts) }
}

/** §6.1.4 (a), (k)–(n): whether the certificate may issue the next. */
function checkAuthority(certificate: PathCertificate, { maximumLength }: State): PathReason | null {
  for (const [from, to] of certificate.policyMappings ?? [])
    if (from === ANY_POLICY || to.has(ANY_POLICY)) return 'policy-mapping'
  if (certificate.version !== 3 || !certificate.basicConstraints?.authority) return 'not-authority'
  if (!certificate.selfIssued && maximumLength <= 0) return 'path-too-long'
  if (certificate.keyUsage && !certificate.keyUsage.has(KEY_USAGE.keyCertSign)) return 'key-usage'
  return null
}

const less = (counter: number, certificate: PathCertificate): number =>
  certificate.selfIssued ? counter : Math.max(0, counter - 1)

/** §6.1.4 (b)–(j), (l), (m). */
function prepareNext(state: State, certificate: PathCertificate, signatures: SignatureChecker): State {
  const { policyMappings, nameConstraints, policyConstraints, inhibitAnyPolicy, basicConstraints } = certificate
  const remaining = state.maximumLength - (certificate.selfIssued ? 0 : 1)
  return {
    issuer: {
      name: certificate.subject,
      key: signatures.keyOf(certificate.publicKeyInfo, state.issuer.key),
      certificate,
    },
    constraints: nameConstraints ? [...state.constraints, nameConstraints] : state.constraints,
    graph: policyMappings ? mapPolicies(state.graph, policyMappings, state.policyMapping > 0) : state.graph,
    explicitPolicy: Math.min(
      less(state.explicitPolicy, certificate),
      policyConstraints?.requireExplicitPolicy ?? Number.POSITIVE_INFINITY,
    ),
    policyMapping: Math.min(
      less(state.policyMapping, certificate),
      policyConstraints?.inhibitPolicyMapping ?? Number.POSITIVE_INFINITY,
    ),
    inhibitAnyPolicy: Math.min(less(state.inhibitAnyPolicy, certificate), inhibitAnyPolicy ?? Number.POSITIVE_INFINITY),
    maximumLength: Math.min(remaining, basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY),
  }
}

/** §6.1.5 (a), (b). */
function explicitPolicyAtEnd(explicitPolicy: number, { policyConstraints }: PathCertificate): number {
  return policyConstraints?.requireExplicitPolicy === 0 ? 0 : Math.max(0, explicitPolicy - 1)
}
