import type {
  Certificate,
  HashAlgorithm,
  SignatureRequest,
  SignatureScheme,
  SignatureValue,
  ToBeSigned,
  VerificationReport,
} from '../../../native-signing/types.ts'
import type { CertifiedCopyLayout, CertifiedCopyRequest } from '../../document/types.ts'
import type { CopyRef } from '../types.ts'

/** Writes the certified copy of `request` to `out` (whole or not at all). The same request gives the same bytes. */
export type Composer = (request: CertifiedCopyRequest, out: string) => Promise<CertifiedCopyLayout>

/** The signing engine with its time stamps and trust already bound to it by the composition root. */
export interface SigningEngine {
  /** Whether each signature gets a time-stamp of an authority. */
  readonly timestamps: boolean
  /** Writes `workFile` (input + update with an empty hole) and says what the token must sign. @throws SigningError */
  prepare(input: string, request: SignatureRequest, to: { readonly workFile: string }): Promise<ToBeSigned>
  /** Embeds value and time stamp, checks its own work, writes `output` whole or not at all. @throws SigningError */
  complete(
    toBeSigned: ToBeSigned,
    value: SignatureValue,
    to: { readonly output: string; readonly signal?: AbortSignal | undefined },
  ): Promise<void>
  verify(file: string): Promise<VerificationReport>
}

/**
 * Writes `output`: the input lifted to PAdES B-LTA, or with its archive time-stamp renewed; verified, whole or not at all.
 * @returns when the certificate under the new archive time-stamp ends
 * @throws SigningError
 */
export type Archiver = (
  input: string,
  to: { readonly output: string; readonly signal?: AbortSignal | undefined },
) => Promise<{ readonly lastsUntil: Date }>

/** Which certificate is going to sign, and how: what the desk read from the token before any PIN. */
export interface SigningChoice {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly scheme: SignatureScheme
  readonly hash: HashAlgorithm
}

/** A signature that waits for the token. Plain data; `copy` is the copy's version to complete. */
export interface PreparedSignature {
  readonly copy: CopyRef
  readonly number: string
  readonly book: string
  readonly toBeSigned: ToBeSigned
}

/** Names of the two signature fields, in the order of signing. */
export const SIGNATURE_FIELD = 'ChuKy'
export const SEAL_FIELD = 'ConDau'
