import { constructed, type DerElement, DerError, primitive, readFirstBer, TAG } from '../der/reader.ts'
import { type ParsedCertificate, parseCertificate } from '../trust/certificate.ts'
import { type KnownHash, readHashAlgorithm, readSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.ts'

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
export type Attributes = ReadonlyMap<string, readonly DerElement[]>

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
 * @throws DerError, SigningError certificate-unreadable
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  const whole = readFirstBer(bytes)
  if (bytes.subarray(whole.bytes.length).some(byte => byte !== 0)) throw new DerError('trailing bytes')
  const contentInfo = whole.reader()
  if (contentInfo.next().objectIdentifier !== OID.signedData) throw new DerError('no SignedData')
  const parts = contentInfo.next(constructed(0)).reader(constructed(0)).next().reader()
  parts.next(TAG.integer)
  parts.next(TAG.set)
  const encapsulated = parts.next(TAG.sequence).reader()
  const contentType = encapsulated.next().objectIdentifier
  const content = encapsulated.optional(constructed(0))
  const certificates = parts.optional(constructed(0))?.children ?? []
  const crls = parts.optional(constructed(1))?.children ?? []
  if (certificates.length > MAXIMUM_CERTIFICATES) throw new DerError('too many certificates')
  return {
    contentType,
    content: content ? content.reader(constructed(0)).next().octets : null,
    // other kinds of certificate (attribute certificates) have context tags
    certificates: certificates.filter(item => item.tag === TAG.sequence).map(item => parseCertificate(item.bytes)),
    crls: crls.filter(item => item.tag === TAG.sequence).map(item => item.bytes),
    signers: parts.next(TAG.set).children.map(parseSignerInfo),
  }
}

function parseSignerInfo(element: DerElement): SignerInfo {
  const parts = element.reader()
  parts.next(TAG.integer)
  const identifier = parts.next()
  const hash = readHashAlgorithm(parts.next(TAG.sequence))
  const signed = parts.optional(constructed(0))
  const algorithm = parts.next(TAG.sequence)
  const signature = parts.next().octets
  const unsigned = parts.optional(constructed(1))
  if (signed?.indefinite) throw new DerError('signed attributes are not DER')
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

function parseIdentifier(element: DerElement): SignerIdentifier {
  if (element.tag === primitive(0)) return { kind: 'key-identifier', identifier: element.content }
  const parts = element.reader()
  const issuer = parts.next(TAG.sequence).bytes
  return { kind: 'issuer-and-serial', issuer, serialNumber: parts.next(TAG.integer).content }
}

/** An attribute type that stands twice would let two readers see different values, so it is refused. */
function parseAttributes(set: DerElement): Attributes {
  const attributes = new Map<string, readonly DerElement[]>()
  for (const attribute of set.children) {
    const parts = attribute.reader()
    const type = parts.next().objectIdentifier
    const values = parts.next(TAG.set).children
    if (attributes.has(type) && set.tag === constructed(0)) throw new DerError('attribute twice')
    attributes.set(type, [...(attributes.get(type) ?? []), ...values])
  }
  return attributes
}
