import { createHash } from 'node:crypto'
import { readBer, TAG } from '../der/reader.ts'
import { element, nothing, objectIdentifier, octetString, sequence } from '../der/writer.ts'
import type { ParsedCertificate } from './certificate.ts'

const SHA1 = '1.3.14.3.2.26'

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest()
}

/** SHA-1 of a public key's bits, by which OCSP names issuers and responders. @param publicKeyInfo SubjectPublicKeyInfo, DER */
export function keyHash(publicKeyInfo: Uint8Array): Uint8Array {
  const parts = readBer(publicKeyInfo).reader()
  parts.next(TAG.sequence)
  return sha1(parts.next(TAG.bitString).bitStringBytes)
}

/**
 * An OCSPRequest for one certificate (RFC 6960 §4.1.1). The certificate is named by SHA-1, which is no protection here and the only hash that every
 * responder knows (RFC 5019 §2.1.1). No nonce: many answer from a store; how old the answer is says its thisUpdate.
 */
export function ocspRequest(certificate: ParsedCertificate, issuer: ParsedCertificate): Uint8Array {
  const identifier = sequence(
    sequence(objectIdentifier(SHA1), nothing),
    octetString(sha1(certificate.issuer)),
    octetString(keyHash(issuer.publicKeyInfo)),
    element(TAG.integer, certificate.serialNumber),
  )
  return sequence(sequence(sequence(sequence(identifier))))
}
