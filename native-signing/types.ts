/** Shapes shared by the parts of the signing library. Bytes are Uint8Array, hashes lower-case hex, times UTC `Date`, lengths PDF points. */

export type HashAlgorithm = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** How the token turns data into a signature (PKCS#11 mechanism by name, hash included). */
export type SignatureScheme = 'RSA-PKCS1' | 'RSA-PSS' | 'ECDSA'

/** A certificate as found on a token or in a file. `der` is the truth; the rest is read out of it. */
export interface Certificate {
  readonly der: Uint8Array
  /** SHA-256 of `der`. */
  readonly sha256: string
  readonly subject: string
  readonly commonName: string
  readonly issuer: string
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** What the token says of its PIN before anyone tries one (CK_TOKEN_INFO flags, PKCS#11 v3.0 §3.2). */
export type PinState = 'ok' | 'count-low' | 'final-try' | 'locked' | 'not-set'

export interface TokenInfo {
  /** Path of the PKCS#11 module. */
  readonly module: string
  readonly slotId: number
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly serialNumber: string
  readonly pinState: PinState
  readonly minimumPinLength: number
  readonly maximumPinLength: number
  /** The PIN is typed on the reader itself (CKF_PROTECTED_AUTHENTICATION_PATH). */
  readonly pinPad: boolean
  /** Certificates readable without a PIN. */
  readonly certificates: readonly Certificate[]
}

/** An open, logged-in token. Made by `native-signing/token`; closed by its owner, which wipes the PIN and logs out. */
export interface TokenSession extends AsyncDisposable {
  readonly token: TokenInfo
  /** Signing certificates that have their private key on the token, and the rest of their chain as far as the token holds it. */
  readonly certificates: readonly Certificate[]
  /** Schemes that the token can do with this certificate's key, preferred one first. */
  schemes(certificateSha256: string): readonly SignatureScheme[]
  /**
   * Signs `data` (hashed by the token or by us, as the token can). ECDSA comes back DER encoded (RFC 3279 §2.2.3).
   * @throws SigningError token-removed, token-failed, pin-locked, key-not-found, mechanism-not-supported, module-not-responding
   */
  sign(certificateSha256: string, scheme: SignatureScheme, hash: HashAlgorithm, data: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a signature looks like on the page: a picture (PNG, transparency kept) filling the rectangle. */
export interface Appearance {
  /** 1-based. */
  readonly page: number
  readonly rectangle: Rectangle
  readonly image: Uint8Array
}

/** What a certifying signature lets others do later: 1 nothing, 2 fill forms and sign, 3 comment too (ISO 32000-2 table 257). */
export type CertificationLevel = 1 | 2 | 3

/** Form fields that nobody may change after a signature, by their full names (ISO 32000-2 table 236). */
export type FieldLock =
  | { readonly kind: 'all' }
  | { readonly kind: 'include' | 'exclude'; readonly fields: readonly string[] }

/** What is to be signed and how; known before any token is touched. */
export interface SignatureRequest {
  readonly certificate: Certificate
  /** Issuer certificates that go into the CMS, leaf's issuer first; the leaf itself is always in. */
  readonly chain: readonly Certificate[]
  readonly scheme: SignatureScheme
  readonly hash: HashAlgorithm
  /** Name of the signature field; made when the file has none of that name, used when it is there and empty. */
  readonly fieldName: string
  readonly appearance: Appearance | null
  /** Claimed time of signing (/M of the signature dictionary; PAdES has no signing-time attribute, EN 319 142-1 §5.3). */
  readonly signingTime: Date
  readonly reason: string | null
  readonly location: string | null
  readonly signerName: string | null
  /** Certifies the document; for its first signature only. */
  readonly certification?: CertificationLevel | null
  readonly lock?: FieldLock | null
}

/**
 * First stage's result: the file with its hole exists, its bytes are fixed, the token's work is known. Plain data: it can be kept or sent
 * to the PC where the token is.
 */
export interface ToBeSigned {
  readonly kind: 'to-be-signed'
  /** The input followed by our incremental update, the hole in /Contents still empty. */
  readonly workFile: string
  /** Length of the input, which is the prefix of `workFile`. */
  readonly inputBytes: number
  readonly inputSha256: string
  readonly fieldName: string
  /** [0, a, b, c] of ISO 32000-1 §12.8.1. */
  readonly byteRange: readonly [number, number, number, number]
  /** SHA over the byte range, by `hash`. */
  readonly documentDigest: string
  /** DER of the CMS SignedAttributes as SET OF (RFC 5652 §5.4): exactly what the token signs. */
  readonly signedAttributes: Uint8Array
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly scheme: SignatureScheme
  readonly hash: HashAlgorithm
}

/** Second stage's result: what came back from the token. */
export interface SignatureValue {
  readonly kind: 'signature-value'
  readonly certificateSha256: string
  readonly signature: Uint8Array
}

/** Gives RFC 3161 time-stamp tokens. */
export interface Timestamper {
  /**
   * @param imprint hash of what is to be stamped
   * @returns DER of the TimeStampToken (a CMS ContentInfo), already checked against imprint and nonce
   * @throws SigningError timestamp-unavailable, timestamp-refused, timestamp-invalid
   */
  stamp(imprint: Uint8Array, hash: HashAlgorithm, signal?: AbortSignal): Promise<Uint8Array>
  /** Room to keep for the next token, bytes: the largest one seen and a reserve; undefined before the first. */
  expectedBytes?(): number | undefined
}

export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'
export type SignatureLevel = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'
export type Coverage = 'whole-file' | 'whole-revision' | 'partial'
export type ChangesAfter = 'none' | 'permitted' | 'forbidden'

export interface VerificationMessage {
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable code; the sentence for people is looked up by it. */
  readonly code: string
  readonly parameters: Readonly<Record<string, string | number>>
}

/** Verdict on one signature (ETSI EN 319 102-1 §5.1.3). */
export interface SignatureVerdict {
  readonly field: string
  readonly kind: 'signature' | 'document-timestamp'
  readonly signer: Certificate | null
  readonly signerName: string
  readonly claimedTime: Date | null
  /** Time proven by a timestamp. */
  readonly provenTime: Date | null
  readonly level: SignatureLevel | null
  readonly integrity: 'intact' | 'broken'
  readonly coverage: Coverage
  readonly changesAfter: ChangesAfter
  /** In the order in which they were made. */
  readonly changes: readonly {
    readonly kind: string
    readonly permitted: boolean
    /** From 1. */
    readonly page?: number
    /** Where on that page. */
    readonly rectangle?: Rectangle
    readonly message: string
  }[]
  readonly indication: Indication
  readonly subIndication: string | null
  readonly messages: readonly VerificationMessage[]
  /** End of the revision that this signature covers, bytes from the file's start. */
  readonly revisionEnd: number
}

export interface VerificationReport {
  readonly file: string
  /** At least one signature, every one TOTAL-PASSED, nothing forbidden changed. */
  readonly valid: boolean
  readonly signatures: readonly SignatureVerdict[]
}
