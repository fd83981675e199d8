import { readCertificate } from '../trust/certificate.ts'
import type { PathProblem, PathVerdict, TrustSettings } from '../trust/chain.ts'
import type { Certificate } from '../types.ts'
import type { AlgorithmUse } from './signature.ts'
import type { PathReason } from './types.ts'
import { validatePath } from './validate-path.ts'

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

/** SHA-2 with RSA from 2048 bits or curves from 256 (TT 15/2025/TT-BKHCN, annex). */
export function isStrongEnough({ scheme, hash, keyBits, curve }: AlgorithmUse): boolean {
  if (hash === 'sha1' || hash === 'sha224' || scheme === 'DSA') return false
  return keyBits === null ? !/(112|128|160|192|224)/.test(curve ?? '') : keyBits >= 2048
}

/**
 * Path validation as the signature verifier asks for it.
 * @param embedded further certificates that came with the signature, untrusted
 * @param ocsp OCSPResponses that came with the signature, DER
 * @param now time of verification: lists and answers made until then tell what was revoked at `at`
 * @throws SigningError certificate-unreadable
 */
export function judgeChain(
  leaf: Certificate,
  embedded: readonly Certificate[],
  trust: TrustSettings & { readonly ocsp?: readonly Uint8Array[] },
  at: Date,
  now: Date = at,
): PathVerdict {
  const { path, anchor, reason, revocation } = validatePath({
    target: leaf.der,
    anchors: trust.trustAnchors.map(({ der }) => der),
    intermediates: [...embedded, ...(trust.intermediates ?? [])].map(({ der }) => der),
    crls: trust.crls ?? [],
    ocsp: trust.ocsp ?? [],
    at,
    now,
    revocation: 'if-available',
    acceptsAlgorithm: isStrongEnough,
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
