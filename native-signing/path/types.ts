import type { PathCertificate } from './certificate.ts'
import type { AlgorithmPolicy } from './signature.ts'
import type { TrustAnchor, TrustAnchorInput } from './trust-anchor.ts'

/** Why a path is not valid. */
export const PATH_REASONS = [
  /** No chain of issuers leads to a trust anchor. */
  'no-path',
  'signature-invalid',
  /** Signature or key of a kind that is not known here. */
  'algorithm-unsupported',
  /** The caller's algorithm policy does not accept the signature. */
  'algorithm-refused',
  'not-yet-valid',
  'expired',
  /** An issuer in the path is no certification authority. */
  'not-authority',
  /** An authority's key usage does not allow it to sign certificates. */
  'key-usage',
  'path-too-long',
  'name-not-permitted',
  /** The path has to be valid under some policy that is wanted, and is not. */
  'policy',
  'policy-mapping',
  'unknown-critical-extension',
  'revoked',
  /** No usable revocation list or OCSP answer covers a certificate. */
  'revocation-unknown',
  /** Judging it took more work than any honest set of certificates does. */
  'too-complex',
] as const
export type PathReason = (typeof PATH_REASONS)[number]

/** What revocation lists and OCSP answers say of one certificate. */
export type RevocationStatus =
  | { readonly kind: 'good' }
  /** `reason` is a CRLReason (RFC 5280 §5.3.1). */
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-checked' }

export interface RevocationSettings {
  /** Certificate revocation lists, complete and delta, DER. Unreadable ones count as absent. */
  readonly crls?: readonly Uint8Array[]
  /** OCSPResponses, DER. Unreadable ones count as absent. */
  readonly ocsp?: readonly Uint8Array[]
  /** Validation time: certificates must be valid, and not revoked, at this moment. */
  readonly at: Date
  /**
   * Newest issuing time of lists and answers that are used, never before `at`; `at` when missing. For a time of signing that lies in the
   * past, lists made since then say whether a certificate was revoked at `at`.
   */
  readonly now?: Date
  /** Milliseconds; older lists and answers are not used even before their next update. */
  readonly maximumAge?: number
  /** Value of the nonce extension that was asked with; an answer with another one is not used. */
  readonly ocspNonce?: Uint8Array
  readonly acceptsAlgorithm?: AlgorithmPolicy
}

export interface PathInput extends RevocationSettings {
  /** Certificate to be judged, DER. */
  readonly target: Uint8Array
  readonly anchors: readonly TrustAnchorInput[]
  /** Certificates that may help to build paths; not trusted for that. Unreadable ones count as absent. */
  readonly intermediates?: readonly Uint8Array[]
  /** `required` (default): without a status for every certificate the path is not valid. */
  readonly revocation?: 'required' | 'if-available' | 'off'
  /** user-initial-policy-set, OIDs; any policy when missing or empty (RFC 5280 §6.1.1 (c)). */
  readonly policies?: readonly string[]
  readonly requireExplicitPolicy?: boolean
  readonly inhibitPolicyMapping?: boolean
  readonly inhibitAnyPolicy?: boolean
}

export interface PathResult {
  readonly valid: boolean
  readonly reason: PathReason | null
  /** The certificate that the reason is about. */
  readonly failing: PathCertificate | null
  /** Target first, without the anchor; the path that came nearest when none is valid. */
  readonly path: readonly PathCertificate[]
  readonly anchor: TrustAnchor | null
  /** Policies that the authorities grant, in the anchor's terms; 2.5.29.32.0 stands for any. */
  readonly authorityPolicies: readonly string[]
  /** Those among them that the caller accepts. */
  readonly userPolicies: readonly string[]
  /** One for each certificate of `path`. */
  readonly revocation: readonly RevocationStatus[]
}
