import { sameBytes } from '../der/reader.ts'
import { type Signed, wholeSigned } from '../path/certificate.ts'
import type { PathReason } from '../path/types.ts'
import { validatePath as validateCertificationPath } from '../path/validate-path.ts'
import type { Certificate } from '../types.ts'
import { type AlgorithmRules, isReliable } from './algorithm-rules.ts'
import { readCertificate } from './certificate.ts'

/** What a verifier trusts and knows. */
export interface TrustSettings {
  readonly trustAnchors: readonly Certificate[]
  /** Certificates that may help to build a path; they are not trusted for that. */
  readonly intermediates?: readonly Certificate[]
  /** Certificate revocation lists, DER. */
  readonly crls?: readonly Uint8Array[]
  /** OCSPResponses, DER. */
  readonly ocsp?: readonly Uint8Array[]
  /** Until when algorithms are relied on; the rules that come with the program by default. */
  readonly algorithms?: AlgorithmRules
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

/** The reasons in the words of the signature verifier; an unknown status is no problem there but said beside it. */
const PROBLEMS: Readonly<Record<Exclude<PathReason, 'revocation-unknown'>, PathProblem>> = {
  'no-path': 'no-chain',
  'signature-invalid': 'no-chain',
  'too-complex': 'no-chain',
  'algorithm-unsupported': 'algorithm-too-weak',
  'algorithm-refused': 'algorithm-too-weak',
  'not-yet-valid': 'not-yet-valid',
  expired: 'expired',
  'not-authority': 'issuer-not-authority',
  'key-usage': 'issuer-not-authority',
  'path-too-long': 'path-too-long',
  'name-not-permitted': 'issuer-not-authority',
  policy: 'issuer-not-authority',
  'policy-mapping': 'issuer-not-authority',
  'unknown-critical-extension': 'unknown-critical-extension',
  revoked: 'revoked',
}

/**
 * Since when a certificate, list or answer is proven to have been there; null where nothing proves it. With an algorithm that has ended since,
 * it could have been forged later, for a signature however old.
 */
export type ExistedAt = (signed: Signed) => Date | null

/** Whether that is the certificate, and not another one of the same content. */
const isThe = ({ der }: Certificate, signed: Signed): boolean => sameBytes(wholeSigned(signed), der)

/** A certificate to be judged at a time. */
export interface CertificateQuestion {
  readonly certificate: Certificate
  /** Certificates that came with it, untrusted. */
  readonly embedded: readonly Certificate[]
  readonly at: Date
  /** A signature made by `at` names it, so that no other certificate can have taken its place since. */
  readonly named: boolean
}

/** What is known for one question: beside all else, that a certificate existed when its holder's signature named it. */
export const existedFor =
  ({ certificate, at, named }: CertificateQuestion, existedAt: ExistedAt): ExistedAt =>
  signed =>
    named && isThe(certificate, signed) ? at : existedAt(signed)

/**
 * Builds a path from `leaf` to a trust anchor and judges it at a time (RFC 5280 §6, by `native-signing/path`). What the signing library
 * asks of paths, it asks here.
 * @param embedded further certificates that came with the signature, untrusted
 * @param now time of verification: lists and answers made until then tell what was revoked at `at`
 * @param existedAt by default the certificate in question existed at `at`, as its holder's signature names it, and of all else nothing is known
 * @throws SigningError certificate-unreadable
 */
export function validatePath(
  leaf: Certificate,
  embedded: readonly Certificate[],
  trust: TrustSettings,
  at: Date,
  now: Date = at,
  existedAt: ExistedAt = signed => (isThe(leaf, signed) ? at : null),
): PathVerdict {
  const { path, anchor, reason, revocation } = validateCertificationPath({
    target: leaf.der,
    anchors: trust.trustAnchors.map(({ der }) => der),
    intermediates: [...embedded, ...(trust.intermediates ?? [])].map(({ der }) => der),
    crls: trust.crls ?? [],
    ocsp: trust.ocsp ?? [],
    at,
    now,
    revocation: 'if-available',
    acceptsAlgorithm: (use, signed) => isReliable(use, existedAt(signed) ?? now, trust.algorithms),
  })
  const top = anchor?.certificate
  const whole = top && path.at(-1)?.sha256 !== top.sha256 ? [...path, top] : path
  return {
    path: whole.map(({ der }) => readCertificate(der)),
    problem: reason === null || reason === 'revocation-unknown' ? null : PROBLEMS[reason],
    revokedAt: revocation.find(status => status.kind === 'revoked')?.at ?? null,
    revocationUnknown: revocation.some(({ kind }) => kind === 'unknown'),
  }
}
