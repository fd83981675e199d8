import { hashBytes, verifySignature } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import { parseCertificate, publicKeyOf } from '../trust/certificate.ts'
import type { SignatureValue, ToBeSigned, TokenSession } from '../types.ts'

/**
 * Checks a signature value against the certificate's public key, so that a token that answers nonsense spoils no document.
 * @throws SigningError signature-value-invalid
 */
export function checkSignatureValue(toBeSigned: ToBeSigned, value: SignatureValue): void {
  const { certificate, scheme, hash, signedAttributes } = toBeSigned
  const key = publicKeyOf(parseCertificate(certificate.der))
  const algorithm = { scheme, hash, saltLength: hashBytes(hash) }
  const own = value.certificateSha256 === certificate.sha256
  if (!own || !key || !verifySignature(algorithm, key, signedAttributes, value.signature))
    throw new SigningError('signature-value-invalid')
}

/**
 * Second stage: the token's work and nothing else; no file is needed. May run on another PC than the other stages.
 * @throws SigningError certificate-not-found, mechanism-not-supported, signature-value-invalid, and what the token's session throws
 */
export async function signWithToken(toBeSigned: ToBeSigned, session: TokenSession): Promise<SignatureValue> {
  const { certificate, scheme, hash, signedAttributes } = toBeSigned
  const { sha256 } = certificate
  if (!session.certificates.some(each => each.sha256 === sha256)) throw new SigningError('certificate-not-found')
  if (!session.schemes(sha256).includes(scheme))
    throw new SigningError('mechanism-not-supported', { mechanism: scheme })
  const signature = await session.sign(sha256, scheme, hash, signedAttributes)
  const value: SignatureValue = { kind: 'signature-value', certificateSha256: sha256, signature }
  checkSignatureValue(toBeSigned, value)
  return value
}
