import { isStrongEnough, readSignatureAlgorithm, verifySignature } from '../cms/algorithms.ts'
import type { Certificate } from '../types.ts'
import { EXTENSION, type ParsedCertificate, parseCertificate, publicKeyOf } from './certificate.ts'
import { revocationStatus } from './revocation.ts'

/** What a verifier trusts and knows. */
export interface TrustSettings {
  readonly trustAnchors: readonly Certificate[]
  /** Certificates that may help to build a path; they are not trusted for that. */
  readonly intermediates?: readonly Certificate[]
  /** Certificate revocation lists, DER. */
  readonly crls?: readonly Uint8Array[]
}

export type PathProblem =
  | 'no-chain'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  | 'issuer-not-authority'
  | 'path-too-long'
  | 'unknown-critical-extension'
  | 'algorithm-too-weak'

export interface PathVerdict {
  /** Leaf first, trust anchor last; as far as it could be built. */
  readonly path: readonly Certificate[]
  readonly problem: PathProblem | null
  /** When the certificate in question was revoked. */
  readonly revokedAt: Date | null
  /** For at least one certificate of the path there was no usable revocation list. */
  readonly revocationUnknown: boolean
}

const MAXIMUM_PATH = 10
/** Branches followed and paths judged before giving up: cross-certified certificates made on purpose could otherwise go on without end. */
const MAXIMUM_STEPS = 1000
const MAXIMUM_TRIES = 100

const PROCESSED_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.basicConstraints,
  EXTENSION.extendedKeyUsage,
])

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

function mayHaveIssued(issuer: ParsedCertificate, certificate: ParsedCertificate): boolean {
  if (!same(issuer.subject, certificate.issuer)) return false
  const wanted = certificate.authorityKeyIdentifier
  return wanted === null || issuer.subjectKeyIdentifier === null || same(wanted, issuer.subjectKeyIdentifier)
}

function hasIssued(issuer: ParsedCertificate, certificate: ParsedCertificate): 'yes' | 'no' | 'too-weak' {
  const key = publicKeyOf(issuer)
  const algorithm = readSignatureAlgorithm(certificate.signatureAlgorithm, null)
  if (!key || !algorithm || !verifySignature(algorithm, key, certificate.toBeSigned, certificate.signature)) return 'no'
  return isStrongEnough(algorithm, key) ? 'yes' : 'too-weak'
}

/** Every path from the leaf to a trust anchor by names and key identifiers, signatures not yet checked. */
function* candidatePaths(
  path: readonly ParsedCertificate[],
  anchors: readonly ParsedCertificate[],
  others: readonly ParsedCertificate[],
  budget: { steps: number },
): Generator<readonly ParsedCertificate[]> {
  const last = path.at(-1)
  if (!last) return
  if (anchors.some(anchor => same(anchor.certificate.der, last.certificate.der))) {
    yield path
    return
  }
  for (const anchor of anchors) if (mayHaveIssued(anchor, last)) yield [...path, anchor]
  if (path.length >= MAXIMUM_PATH || --budget.steps < 0) return
  for (const other of others) {
    if (!path.includes(other) && mayHaveIssued(other, last))
      yield* candidatePaths([...path, other], anchors, others, budget)
  }
}

/** First fault of one path (RFC 5280 §6.1, without names and policies). The anchor's own validity is not asked: it is trusted as it is. */
function judgePath(path: readonly ParsedCertificate[], crls: readonly Uint8Array[], at: Date): PathVerdict {
  let revocationUnknown = false
  const verdict = (problem: PathProblem | null, revokedAt: Date | null = null): PathVerdict => ({
    path: path.map(each => each.certificate),
    problem,
    revokedAt,
    revocationUnknown,
  })
  for (const [index, certificate] of path.entries()) {
    const issuer = path[index + 1]
    if (issuer) {
      const issued = hasIssued(issuer, certificate)
      if (issued !== 'yes') return verdict(issued === 'no' ? 'no-chain' : 'algorithm-too-weak')
      const { notBefore, notAfter } = certificate.certificate
      if (at < notBefore) return verdict('not-yet-valid')
      if (at > notAfter) return verdict('expired')
      const status = revocationStatus(certificate, issuer, crls, at)
      if (status.kind === 'revoked') return verdict('revoked', status.at)
      if (status.kind === 'unknown') revocationUnknown = true
      for (const [identifier, extension] of certificate.extensions) {
        if (extension.critical && !PROCESSED_EXTENSIONS.has(identifier)) return verdict('unknown-critical-extension')
      }
    }
    if (index === 0) continue
    const signsCertificates = certificate.keyUsage === null || certificate.keyUsage.has('keyCertSign')
    if (!certificate.basicConstraints?.authority || !signsCertificates) return verdict('issuer-not-authority')
    // intermediates below it, not counting self-issued ones
    const below = path.slice(1, index).filter(each => !same(each.subject, each.issuer)).length
    const { pathLength } = certificate.basicConstraints
    if (pathLength !== null && below > pathLength) return verdict('path-too-long')
  }
  return verdict(null)
}

/**
 * Builds a path from `leaf` to a trust anchor and judges it at a time. The one door to path validation of this library.
 * @param embedded further certificates that came with the signature, untrusted
 * @throws SigningError certificate-unreadable
 */
export function validatePath(
  leaf: Certificate,
  embedded: readonly Certificate[],
  trust: TrustSettings,
  at: Date,
): PathVerdict {
  const anchors = trust.trustAnchors.map(anchor => parseCertificate(anchor.der))
  const others = new Map([...embedded, ...(trust.intermediates ?? [])].map(each => [each.sha256, each]))
  const intermediates = [...others.values()].map(each => parseCertificate(each.der))
  let best: PathVerdict | null = null
  let tries = 0
  const budget = { steps: MAXIMUM_STEPS }
  for (const path of candidatePaths([parseCertificate(leaf.der)], anchors, intermediates, budget)) {
    const verdict = judgePath(path, trust.crls ?? [], at)
    if (verdict.problem === null) return verdict
    // a path that fails for a reason worth telling is better than one that was never signed so
    if (best === null || best.problem === 'no-chain') best = verdict
    if (++tries >= MAXIMUM_TRIES) break
  }
  return best ?? { path: [leaf], problem: 'no-chain', revokedAt: null, revocationUnknown: true }
}
