/** Parameters of an error's sentence. Never a PIN. */
export type ErrorParameters = Readonly<Record<string, string | number>>

/** Every way in which signing or verifying can fail, by subject. The sentences for people live with the program that shows them. */
export const SIGNING_ERROR_CODES = [
  // tokens
  'module-not-found',
  'module-unusable',
  'module-not-responding',
  'no-token',
  'several-tokens',
  'token-removed',
  'token-failed',
  'pin-incorrect',
  'pin-last-try',
  'pin-locked',
  'pin-length',
  'pin-not-set',
  'pin-new-length',
  'pin-new-characters',
  'pin-new-same',
  'pin-new-refused',
  'pin-change-not-supported',
  'certificate-not-found',
  'several-certificates',
  'key-not-found',
  'key-file-unreadable',
  'key-file-certificate-unreadable',
  'mechanism-not-supported',
  'signing-cancelled',
  // certificates
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-not-for-signing',
  'certificate-revoked',
  'certificate-untrusted',
  'certificate-unreadable',
  'algorithm-too-weak',
  // files
  'file-not-found',
  'file-exists',
  'disk-full',
  'pdf-unreadable',
  'pdf-encrypted',
  'pdf-password-required',
  'pdf-password-wrong',
  'pdf-changes-not-permitted',
  'pdf-changes-forbidden',
  'field-not-found',
  'field-already-signed',
  'field-locked',
  'field-lock-differs',
  'seed-value-not-met',
  'seed-certificate-not-accepted',
  'certification-not-first',
  'earlier-signature-broken',
  'page-not-found',
  'rectangle-outside-page',
  'image-unreadable',
  'signature-too-large',
  'signature-value-invalid',
  'self-check-failed',
  // timestamps
  'timestamp-unavailable',
  'timestamp-refused',
  'timestamp-invalid',
  // long-term validation
  'nothing-to-extend',
  'validation-data-unavailable',
] as const

export type SigningErrorCode = (typeof SIGNING_ERROR_CODES)[number]

/** The only error this library throws on purpose. `message` is for developers; `code` and `parameters` make the sentence for the user. */
export class SigningError extends Error {
  readonly code: SigningErrorCode
  readonly parameters: ErrorParameters

  constructor(code: SigningErrorCode, parameters: ErrorParameters = {}, options?: ErrorOptions) {
    super(`${code}${Object.keys(parameters).length > 0 ? ` ${JSON.stringify(parameters)}` : ''}`, options)
    this.name = 'SigningError'
    this.code = code
    this.parameters = parameters
  }
}

const tokenFaults: ReadonlySet<SigningErrorCode> = new Set([
  'module-not-found',
  'module-unusable',
  'module-not-responding',
  'no-token',
  'token-removed',
  'token-failed',
  'pin-incorrect',
  'pin-last-try',
  'pin-locked',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-revoked',
  'algorithm-too-weak',
  'key-not-found',
  'mechanism-not-supported',
  'signing-cancelled',
])

/**
 * Whether a fault is the token's own: another file would meet the same, and another try could lock the PIN. A batch ends there; the fault of
 * one file does not end it.
 */
export const isTokenFault = (error: unknown): boolean => error instanceof SigningError && tokenFaults.has(error.code)

/** The time-stamp authority is out of reach: no file's fault, and the next file would wait for it as long. */
export const isAuthoritySilent = (error: unknown): boolean =>
  error instanceof SigningError && error.code === 'timestamp-unavailable'
