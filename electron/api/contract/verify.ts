import { z } from 'zod'
import type { ChangesAfter, Coverage, Indication, Rectangle, SignatureLevel } from '../../../native-signing/types.ts'
import { idSchema, type Time } from './common.ts'
import type { CertificateItem } from './signing.ts'

export type { Rectangle }

/** Something that an update did to what was signed before it. */
export interface ChangeItem {
  readonly kind: string
  readonly text: string
  /** `hides`: permitted, but it covers what was there. */
  readonly judged: 'permitted' | 'hides' | 'forbidden'
  /** From 1; with the place on it where that is known, points from its lower left corner. */
  readonly page: number | null
  readonly rectangle: Rectangle | null
}

export interface SignatureItem {
  readonly field: string
  readonly kind: 'signature' | 'document-timestamp'
  /** The part it plays in a certified copy of ours. */
  readonly role: 'signer' | 'organisation' | null
  readonly signerName: string
  readonly certificate: CertificateItem | null
  readonly claimedTime: Time | null
  readonly provenTime: Time | null
  readonly level: SignatureLevel | null
  readonly integrity: 'intact' | 'broken'
  readonly coverage: Coverage
  readonly changesAfter: ChangesAfter
  /** After this signature, in the order in which they were made. */
  readonly changes: readonly ChangeItem[]
  readonly indication: Indication
  readonly subIndication: string | null
  readonly messages: readonly { readonly severity: 'error' | 'warning' | 'info'; readonly text: string }[]
  /** Length of the file as it was when this signature was made, bytes. */
  readonly revisionEnd: number
}

/** What a file is worth as a certified copy of ours, beyond its signatures. */
export interface CopyVerdictItem {
  readonly number: string | null
  readonly book: string | null
  readonly date: string | null
  readonly good: boolean
  /** Why not; empty where it is good. */
  readonly problems: readonly string[]
}

export interface VerificationItem {
  readonly fileName: string
  /** `uncertain`: nothing is wrong, but something could not be judged. */
  readonly verdict: 'valid' | 'uncertain' | 'not-valid' | 'unsigned'
  readonly valid: boolean
  readonly copy: CopyVerdictItem | null
  readonly signatures: readonly SignatureItem[]
}

/** A file that was handed over whole; `jobs.cancel` with the upload's id stops the verifying. The password is kept nowhere. */
export const verifyFileSchema = z.strictObject({
  uploadId: idSchema,
  password: z.string().max(200).nullable().default(null),
})
