import type { ChangesAfter, Coverage, Indication, SignatureLevel } from '../../../native-signing/types.ts'
import type { Time } from './common.ts'
import type { CertificateItem } from './signing.ts'

export interface SignatureItem {
  readonly field: string
  readonly kind: 'signature' | 'document-timestamp'
  readonly signerName: string
  readonly certificate: CertificateItem | null
  readonly claimedTime: Time | null
  readonly provenTime: Time | null
  readonly level: SignatureLevel | null
  readonly integrity: 'intact' | 'broken'
  readonly coverage: Coverage
  readonly changesAfter: ChangesAfter
  readonly indication: Indication
  readonly subIndication: string | null
  readonly messages: readonly { readonly severity: 'error' | 'warning' | 'info'; readonly text: string }[]
}

export interface VerificationItem {
  readonly fileName: string
  readonly valid: boolean
  readonly signatures: readonly SignatureItem[]
}
