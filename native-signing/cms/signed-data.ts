import { type ParsedCertificate, parseCertificate } from '../trust/certificate.ts'
import { type KnownHash, readHashAlgorithm, readSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.ts'
import { Asn1Element, constructed, MalformedAsn1, primitive, TAG } from './der.ts'

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
} as const

/** Values of attributes by their type. */
export type Attributes = ReadonlyMap<string, readonly Asn1Element[]>

export type SignerIdentifier =
  | { readonly kind: 'issuer-and-serial'; readonly issuer: Uint8Array; readonly serialNumber: Uint8Array }
  | { readonly kind: 'key-identifier'; readonly identifier: Uint8Array }

export interface SignerInfo {
  readonly identifier: SignerIdentifier
  readonly hash: KnownHash | null
  readonly signatureAlgorithm: SignatureAlgorithm | null
  readonly signature: Uint8Array
  /** As the signature covers them: SET OF in front (RFC 5652 §5.4). Null when there are none. */
  readonly signedBytes: Uint8Array | null
  readonly signed: Attributes
  readonly unsigned: Attributes
}

/** CMS SignedData (RFC 5652 §5), as far as signatures of documents and time-stamps use it. */
export interface SignedData {
  readonly contentType: string
  /** Null when detached. */
  readonly content: Uint8Array | null
  readonly certificates: readonly ParsedCertificate[]
  readonly crls: readonly Uint8Array[]
  readonly signers: readonly SignerInfo[]
}

const MAXIMUM_CERTIFICATES = 100

/**
 * @param bytes a ContentInfo; zero bytes may follow, as in the hole of a PDF signature
 * @throws MalformedAsn1, SigningError certificate-unreadable
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  const whole = Asn1Element.readFirst(bytes)
  if (bytes.subarray(whole.bytes.length).some(byte => byte !== 0)) throw new MalformedAsn1('trailing bytes')
  const contentInfo = whole.parts()
  if (contentInfo.any().objectIdentifier !== OID.signedData) throw new MalformedAsn1('no SignedData')
  const parts = contentInfo.take(constructed(0)).parts(constructed(0)).any().parts()
  parts.take(TAG.integer)
  parts.take(TAG.set)
  const encapsulated = parts.take(TAG.sequence).parts()
  const contentType = encapsulated.any().objectIdentifier
  const content = encapsulated.optional(constructed(0))
  const certificates = parts.optional(constructed(0))?.children ?? []
  const crls = parts.optional(constructed(1))?.children ?? []
  if (certificates.length > MAXIMUM_CERTIFICATES) throw new MalformedAsn1('too many certificates')
  return {
    contentType,
    content: content ? content.parts(constructed(0)).any().octets : null,
    // other kinds of certificate (attribute certificates) have context tags
    certificates: certificates.filter(item => item.tag === TAG.sequence).map(item => parseCertificate(item.bytes)),
    crls: crls.filter(item => item.tag === TAG.sequence).map(item => item.bytes),
    signers: parts.take(TAG.set).children.map(parseSignerInfo),
  }
}

function parseSignerInfo(element: Asn1Element): SignerInfo {
  const parts = element.parts()
  parts.take(TAG.integer)
  const identifier = parts.any()
  const hash = readHashAlgorithm(parts.take(TAG.sequence))
  const signed = parts.optional(constructed(0))
  const algorithm = parts.take(TAG.sequence)
  const signature = parts.any().octets
  const unsigned = parts.optional(constructed(1))
  if (signed?.indefinite) throw new MalformedAsn1('signed attributes are not DER')
  return {
    identifier: parseIdentifier(identifier),
    hash,
    signatureAlgorithm: readSignatureAlgorithm(algorithm, hash),
    signature,
    signedBytes: signed ? Buffer.concat([Uint8Array.of(TAG.set), signed.bytes.subarray(1)]) : null,
    signed: signed ? parseAttributes(signed) : new Map(),
    unsigned: unsigned ? parseAttributes(unsigned) : new Map(),
  }
}

function parseIdentifier(element: Asn1Element): SignerIdentifier {
  if (element.tag === primitive(0)) return { kind: 'key-identifier', identifier: element.content }
  const parts = element.parts()
  const issuer = parts.take(TAG.sequence).bytes
  return { kind: 'issuer-and-serial', issuer, serialNumber: parts.take(TAG.integer).content }
}

/** An attribute type that stands twice would let two readers see different values, so it is refused. */
function parseAttributes(set: Asn1Element): Attributes {
  const attributes = new Map<string, readonly Asn1Element[]>()
  for (const attribute of set.children) {
    const parts = attribute.parts()
    const type = parts.any().objectIdentifier
    const values = parts.take(TAG.set).children
    if (attributes.has(type) && set.tag === constructed(0)) throw new MalformedAsn1('attribute twice')
    attributes.set(type, [...(attributes.get(type) ?? []), ...values])
  }
  return attributes
}
