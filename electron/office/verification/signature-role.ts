import type { SignatureVerdict } from '../../../native-signing/types.ts'
import { SEAL_FIELD, SIGNATURE_FIELD } from '../signing/engine.ts'

/** The part that a signature plays in our own copies; null in other people's files. */
export type SignatureRole = 'signer' | 'organisation'

export const roleOf = ({ field, kind }: Pick<SignatureVerdict, 'field' | 'kind'>): SignatureRole | null =>
  kind !== 'signature' ? null : field === SIGNATURE_FIELD ? 'signer' : field === SEAL_FIELD ? 'organisation' : null
