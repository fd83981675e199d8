import { sameBytes } from '../der/reader.ts'
import type { PathCertificate } from './certificate.ts'
import { type PathFailure, signatureReason } from './process-path.ts'
import type { SignatureChecker } from './signature.ts'
import type { TrustAnchor } from './trust-anchor.ts'
import type { WorkBudget } from './work-budget.ts'

export interface CandidatePath {
  /** Target first, without the anchor. */
  readonly path: readonly PathCertificate[]
  readonly anchor: TrustAnchor
}

/** Certificates in a path, the anchor not counted. */
const MAXIMUM_LENGTH = 20

/** Certificates by the key of their subject. */
export type CertificatePool = ReadonlyMap<string, readonly PathCertificate[]>

export function certificatePool(certificates: readonly PathCertificate[]): CertificatePool {
  return Map.groupBy(new Map(certificates.map(each => [each.sha256, each])).values(), each => each.subject.key)
}

/** The likelier issuers first: those whose key identifier is the one asked for, then those that do not say. */
function likelihood(issuer: PathCertificate, certificate: PathCertificate): number {
  if (!certificate.authorityKeyIdentifier || !issuer.subjectKeyIdentifier) return 1
  return sameBytes(certificate.authorityKeyIdentifier, issuer.subjectKeyIdentifier) ? 0 : 2
}

/**
 * Every path from the target to a trust anchor whose signatures hold, likeliest first, anchors before detours (RFC 4158 §2, §3). No name with
 * the same key stands in a path twice.
 * @param onDeadEnd told of each issuer by name whose signature does not hold
 * @throws WorkLimitExceeded
 */
export function* buildPaths(
  target: PathCertificate,
  anchors: readonly TrustAnchor[],
  pool: CertificatePool,
  signatures: SignatureChecker,
  budget: WorkBudget,
  onDeadEnd: (failure: PathFailure) => void,
): Generator<CandidatePath> {
  const anchorsByName = Map.groupBy(anchors, anchor => anchor.name.key)
  const keyOf = (issuer: PathCertificate) => signatures.keyOf(issuer.publicKeyInfo, null)

  function leadsTo(certificate: PathCertificate, key: TrustAnchor['key']): boolean {
    const outcome = signatures.check(certificate, key)
    // a key that inherits its parameters is known only when the path is processed from the top
    if (outcome === 'valid' || outcome === 'incomplete') return true
    onDeadEnd({ reason: signatureReason(outcome), certificate })
    return false
  }

  function* extend(path: readonly PathCertificate[], last: PathCertificate): Generator<CandidatePath> {
    const nearAnchors = anchorsByName.get(last.issuer.key) ?? []
    for (const anchor of nearAnchors) if (leadsTo(last, anchor.key)) yield { path, anchor }
    if (path.length >= MAXIMUM_LENGTH) return
    const issuers = (pool.get(last.issuer.key) ?? [])
      .filter(issuer => !path.some(each => sameHolder(each, issuer)))
      .filter(issuer => !nearAnchors.some(({ key }) => key.identity === keyOf(issuer).identity))
      .toSorted((one, other) => likelihood(one, last) - likelihood(other, last))
    for (const issuer of issuers) {
      budget.spend()
      if (leadsTo(last, keyOf(issuer))) yield* extend([...path, issuer], issuer)
    }
  }

  yield* extend([target], target)
}

function sameHolder(one: PathCertificate, other: PathCertificate): boolean {
  return one.subject.key === other.subject.key && sameBytes(one.publicKeyInfo, other.publicKeyInfo)
}
