import { readDer } from '../der/reader.ts'
import { type PathCertificate, readPathCertificate } from './certificate.ts'
import type { NameConstraints } from './extensions.ts'
import { type Name, readName } from './name.ts'
import { type WorkingKey, workingKey } from './signature.ts'

/** Trust anchor information (RFC 5280 §6.1.1 (d)): a certificate's DER, or a name and a key, both DER. */
export type TrustAnchorInput = Uint8Array | { readonly name: Uint8Array; readonly publicKeyInfo: Uint8Array }

/** Whoever may sign certificates or lists: a name with a key, and the certificate it comes from. */
export interface Authority {
  readonly name: Name
  readonly key: WorkingKey
  /** null for an anchor given as name and key. */
  readonly certificate: PathCertificate | null
}

/** The anchor as such is trusted; its name constraints and path length, where it has any, are obeyed (RFC 5937 §3.2). */
export interface TrustAnchor extends Authority {
  readonly pathLength: number | null
  readonly nameConstraints: NameConstraints | null
}

/** @throws DerError */
export function readTrustAnchor(input: TrustAnchorInput): TrustAnchor {
  if (!(input instanceof Uint8Array)) {
    const key = workingKey(input.publicKeyInfo, null)
    return { name: readName(readDer(input.name)), key, certificate: null, pathLength: null, nameConstraints: null }
  }
  const certificate = readPathCertificate(input)
  return {
    name: certificate.subject,
    key: workingKey(certificate.publicKeyInfo, null),
    certificate,
    pathLength: certificate.basicConstraints?.pathLength ?? null,
    nameConstraints: certificate.nameConstraints,
  }
}
