import { createHash } from 'node:crypto'
import { TAG } from '../der/reader.ts'
import type { AlgorithmUse } from '../path/signature.ts'
import { type ParsedCertificate, publicKeyOf } from '../trust/certificate.ts'
import { algorithmUse, type KnownHash, nodeHash, readHashAlgorithm, verifySignature } from './algorithms.ts'
import { type Attributes, OID, type SignedData, type SignerInfo } from './signed-data.ts'

/** What was found out about one signer of a SignedData, each fact apart, so that the caller can judge. */
export interface SignerFacts {
  readonly certificate: ParsedCertificate | null
  /** The message-digest attribute equals the digest of the content. */
  readonly digestMatches: boolean
  /** content-type attribute present and equal to the content's type. */
  readonly contentTypeMatches: boolean
  readonly signatureValid: boolean
  /** ESS signing-certificate (v2) names the certificate found; null when the attribute is missing. */
  readonly signingCertificateMatches: boolean | null
  /** The signing-time attribute is there, which PAdES forbids (ETSI EN 319 142-1 §6.3): its claimed time stands in /M. */
  readonly signingTimeStated: boolean
  /** Null where algorithm or key are of a kind that is not known here. */
  readonly algorithm: AlgorithmUse | null
}

function only(attributes: Attributes, type: string) {
  const values = attributes.get(type)
  return values?.length === 1 ? values[0] : undefined
}

function findCertificate({ certificates }: SignedData, { identifier }: SignerInfo): ParsedCertificate | null {
  return (
    certificates.find(candidate =>
      identifier.kind === 'issuer-and-serial'
        ? Buffer.compare(candidate.issuer, identifier.issuer) === 0 &&
          Buffer.compare(candidate.serialNumber, identifier.serialNumber) === 0
        : candidate.subjectKeyIdentifier !== null &&
          Buffer.compare(candidate.subjectKeyIdentifier, identifier.identifier) === 0,
    ) ?? null
  )
}

/** Compares the first ESSCertID(v2) with the certificate (RFC 5035 §4); the hash of v1 is SHA-1, that of v2 SHA-256 unless named. */
function matchesSigningCertificate(signed: Attributes, certificate: ParsedCertificate): boolean | null {
  const version2 = only(signed, OID.signingCertificateV2)
  const value = version2 ?? only(signed, OID.signingCertificate)
  if (!value) return null
  const identifier = value.reader().next(TAG.sequence).reader().next(TAG.sequence).reader()
  const named = version2 ? identifier.optional(TAG.sequence) : null
  const hash: KnownHash | null = named ? readHashAlgorithm(named) : version2 ? 'SHA-256' : 'SHA-1'
  const expected = identifier.next(TAG.octetString).content
  return (
    hash !== null &&
    Buffer.compare(createHash(nodeHash(hash)).update(certificate.certificate.der).digest(), expected) === 0
  )
}

/**
 * Checks one signer: attributes, digest, signature value.
 * @param contentDigest digest of the content by `signer.hash`
 * @throws DerError
 */
export function checkSigner(signedData: SignedData, signer: SignerInfo, contentDigest: Uint8Array): SignerFacts {
  const certificate = findCertificate(signedData, signer)
  const messageDigest = only(signer.signed, OID.messageDigest)
  const contentType = only(signer.signed, OID.contentType)
  const key = certificate ? publicKeyOf(certificate) : null
  const algorithm = signer.signatureAlgorithm
  const use = key && algorithm ? algorithmUse(algorithm, key) : null
  return {
    certificate,
    digestMatches: messageDigest !== undefined && Buffer.compare(messageDigest.octets, contentDigest) === 0,
    contentTypeMatches: contentType?.objectIdentifier === signedData.contentType,
    signatureValid:
      key !== null &&
      algorithm !== null &&
      signer.signedBytes !== null &&
      verifySignature(algorithm, key, signer.signedBytes, signer.signature),
    signingCertificateMatches: certificate ? matchesSigningCertificate(signer.signed, certificate) : null,
    signingTimeStated: signer.signed.has(OID.signingTime),
    algorithm: use,
  }
}
