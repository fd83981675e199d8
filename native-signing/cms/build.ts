import { createHash } from 'node:crypto'
import { constructed, TAG } from '../der/reader.ts'
import { element, integer, objectIdentifier, octetString, sequence, setOf } from '../der/writer.ts'
import { parseCertificate, publicKeyOf } from '../trust/certificate.ts'
import type { Certificate, HashAlgorithm, SignatureScheme } from '../types.ts'
import { hashAlgorithm, signatureAlgorithm } from './algorithms.ts'
import { OID } from './signed-data.ts'

/** Room for a time-stamp token with its certificate chain; those seen take 3 to 7 KB. */
const TIMESTAMP_BYTES = 10 * 1024

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(type), setOf(value))
}

/** ESS signing-certificate-v2 (RFC 5035 §3): SHA-256, the default, which DER leaves unnamed; with issuer and serial number. */
function signingCertificate(certificate: Certificate): Uint8Array {
  const { issuer, serialNumber } = parseCertificate(certificate.der)
  const generalNames = sequence(element(constructed(4), issuer))
  const issuerSerial = sequence(generalNames, element(TAG.integer, serialNumber))
  const digest = createHash('sha256').update(certificate.der).digest()
  return sequence(sequence(sequence(octetString(digest), issuerSerial)))
}

/**
 * The SignedAttributes of a PAdES baseline signature as SET OF: exactly what the token signs. No signing-time: PAdES keeps the claimed
 * time in the signature dictionary (EN 319 142-1 §6.3).
 */
export function buildSignedAttributes(documentDigest: Uint8Array, certificate: Certificate): Uint8Array {
  return setOf(
    attribute(OID.contentType, objectIdentifier(OID.data)),
    attribute(OID.messageDigest, octetString(documentDigest)),
    attribute(OID.signingCertificateV2, signingCertificate(certificate)),
  )
}

export interface SignedDataContent {
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly scheme: SignatureScheme
  readonly hash: HashAlgorithm
  /** From `buildSignedAttributes`. */
  readonly signedAttributes: Uint8Array
  readonly signature: Uint8Array
  /** RFC 3161 token over the signature value; null for level B-B. */
  readonly timestampToken: Uint8Array | null
}

/** A detached CMS SignedData as ContentInfo, DER (RFC 5652; CAdES baseline profile of EN 319 142-1 §6). */
export function buildSignedData(content: SignedDataContent): Uint8Array {
  const { certificate, chain, hash } = content
  const { issuer, serialNumber } = parseCertificate(certificate.der)
  const unsigned = content.timestampToken
    ? [element(constructed(1), attribute(OID.signatureTimestamp, content.timestampToken))]
    : []
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, element(TAG.integer, serialNumber)),
    hashAlgorithm(hash),
    // the same bytes under the tag [0] instead of SET (RFC 5652 §5.4)
    Buffer.concat([Uint8Array.of(constructed(0)), content.signedAttributes.subarray(1)]),
    signatureAlgorithm(content.scheme, hash),
    octetString(content.signature),
    ...unsigned,
  )
  const certificates = [certificate, ...chain].map(each => each.der).sort(Buffer.compare)
  const signedData = sequence(
    integer(1),
    setOf(hashAlgorithm(hash)),
    sequence(objectIdentifier(OID.data)),
    element(constructed(0), ...certificates),
    setOf(signerInfo),
  )
  return sequence(objectIdentifier(OID.signedData), element(constructed(0), signedData))
}

/** Largest signature value that the certificate's key can make, bytes. */
function signatureBytes(certificate: Certificate): number {
  const asymmetricKeyDetails = publicKeyOf(parseCertificate(certificate.der))?.asymmetricKeyDetails
  // an ECDSA value in DER: two numbers of at most 66 bytes (P-521) with their headers
  return asymmetricKeyDetails?.modulusLength ? Math.ceil(asymmetricKeyDetails.modulusLength / 8) : 144
}

/** Room that the CMS needs at most: measured with the real chain and key size, a generous time-stamp added when one is to come. */
export function estimateSignedDataBytes(
  content: Pick<SignedDataContent, 'certificate' | 'chain' | 'scheme' | 'hash' | 'signedAttributes'>,
  timestampBytes: number = TIMESTAMP_BYTES,
): number {
  const signature = new Uint8Array(signatureBytes(content.certificate))
  return buildSignedData({ ...content, signature, timestampToken: null }).length + timestampBytes
}
