export { DerError } from '../der/reader.ts'
export { type PathCertificate, readPathCertificate, type Signed, wholeSigned } from './certificate.ts'
export { ANY_POLICY } from './policy-graph.ts'
export { readRevocationList } from './revocation-list.ts'
export type { AlgorithmPolicy, AlgorithmUse } from './signature.ts'
export type { TrustAnchor, TrustAnchorInput } from './trust-anchor.ts'
export {
  PATH_REASONS,
  type PathInput,
  type PathReason,
  type PathResult,
  type RevocationSettings,
  type RevocationStatus,
} from './types.ts'
export { checkRevocation, type RevocationQuestion, validatePath } from './validate-path.ts'
