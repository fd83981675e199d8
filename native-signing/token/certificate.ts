import { SigningError } from '../errors.ts'
import { mayDocumentsBeSigned, parseCertificate, readCertificate } from '../trust/certificate.ts'
import type { Certificate } from '../types.ts'

export { readCertificate as certificateFromDer }

/** Those that can be read: a damaged thing on a token must not hide the certificates beside it. */
export function readableCertificates(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.flatMap(der => {
    try {
      return [readCertificate(der)]
    } catch (error) {
      if (error instanceof SigningError) return []
      throw error
    }
  })
}

/**
 * Whether a certificate may sign at this time, by what stands in itself (Thông tư 15/2025/TT-BKHCN: checked before signing is allowed).
 * Revocation and trust are others' subject.
 * @throws SigningError certificate-expired, certificate-not-yet-valid, certificate-not-for-signing, certificate-unreadable
 */
export function checkSigningCertificate(certificate: Certificate, at: Date): void {
  const { sha256, notBefore, notAfter } = certificate
  if (at < notBefore)
    throw new SigningError('certificate-not-yet-valid', { sha256, notBefore: notBefore.toISOString() })
  if (at > notAfter) throw new SigningError('certificate-expired', { sha256, notAfter: notAfter.toISOString() })
  const parsed = parseCertificate(certificate.der)
  const isAuthority = parsed.basicConstraints?.authority ?? false
  if (isAuthority || !mayDocumentsBeSigned(parsed)) throw new SigningError('certificate-not-for-signing', { sha256 })
}
