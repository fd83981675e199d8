import { constructed, type DerElement, DerError, primitive, readDer, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { type PathCertificate, readPathCertificate, readSignature, type Signed } from './certificate.ts'
import {
  EXTENSION,
  type Extensions,
  NO_EXTENSIONS,
  readExtension,
  readExtensions,
  unknownCritical,
} from './extensions.ts'
import { type Name, readName } from './name.ts'

export type ResponderIdentifier =
  | { readonly by: 'name'; readonly name: Name }
  /** SHA-1 of the responder's public key. */
  | { readonly by: 'key'; readonly hash: Uint8Array }

/** Which certificate an answer is about (RFC 6960 §4.1.1). */
export interface CertificateIdentifier {
  readonly hashAlgorithm: string
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  readonly serialKey: string
}

export interface SingleResponse {
  readonly identifier: CertificateIdentifier
  readonly status: 'good' | 'revoked' | 'unknown'
  /** When it was revoked. */
  readonly revokedAt: Date | null
  readonly reason: number
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly archiveCutoff: Date | null
  readonly beyondUnderstanding: boolean
}

/** A successful BasicOCSPResponse (RFC 6960 §4.2.1). */
export interface OcspResponse extends Signed {
  readonly responder: ResponderIdentifier
  readonly producedAt: Date
  readonly responses: readonly SingleResponse[]
  readonly nonce: Uint8Array | null
  readonly certificates: readonly PathCertificate[]
  readonly beyondUnderstanding: boolean
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1'
const KNOWN_RESPONSE_EXTENSIONS: ReadonlySet<string> = new Set([EXTENSION.ocspNonce])
const KNOWN_SINGLE_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.ocspArchiveCutoff,
  EXTENSION.signedTimestampList,
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
])

/**
 * @returns null for an answer without certificate statuses: the responder's refusal (malformedRequest, tryLater …)
 * @throws DerError
 */
export const readOcspResponse: (der: Uint8Array) => OcspResponse | null = remembering(der => {
  const reader = readDer(der).reader()
  const status = reader.next(TAG.enumerated).smallInteger
  const wrapper = reader.optional(constructed(0))
  reader.end()
  if (status > 6 || status === 4) throw new DerError('response status')
  if (status !== 0) return null
  if (!wrapper) throw new DerError('no response')
  const bytes = wrapper.inner(constructed(0)).reader()
  if (bytes.next(TAG.objectIdentifier).objectIdentifier !== BASIC_RESPONSE) throw new DerError('kind of response')
  const basic = bytes.next(TAG.octetString).content
  bytes.end()
  return readBasicResponse(basic)
})

function readBasicResponse(bytes: Uint8Array): OcspResponse {
  const reader = readDer(bytes).reader()
  const content = reader.next(TAG.sequence)
  const signatureAlgorithm = reader.next(TAG.sequence)
  const signature = readSignature(reader.next(TAG.bitString))
  const wrapper = reader.optional(constructed(0))
  reader.end()
  const certificates: PathCertificate[] = []
  const list = wrapper?.inner(constructed(0)).reader()
  while (list?.more) certificates.push(readPathCertificate(list.next(TAG.sequence).bytes))
  return { toBeSigned: content.bytes, signatureAlgorithm, signature, certificates, ...readResponseData(content) }
}

function readResponseData(content: DerElement) {
  const reader = content.reader()
  const version = reader.optional(constructed(0))?.inner(constructed(0)).expect(TAG.integer).smallInteger ?? 0
  if (version !== 0) throw new DerError('version of a response')
  const responder = readResponder(reader.next())
  const producedAt = reader.next(TAG.generalizedTime).time
  const responses: SingleResponse[] = []
  const list = reader.next(TAG.sequence).reader()
  while (list.more) responses.push(readSingleResponse(list.next()))
  const wrapper = reader.optional(constructed(1))
  reader.end()
  const extensions = wrapper ? readExtensions(wrapper.inner(constructed(1))) : NO_EXTENSIONS
  return {
    responder,
    producedAt,
    responses,
    nonce: readNonce(extensions),
    beyondUnderstanding: unknownCritical(extensions, KNOWN_RESPONSE_EXTENSIONS) !== null,
  }
}

/** The bytes as they stand in the extension: clients and servers compare them whole (RFC 6960 §4.4.1). */
function readNonce(extensions: Extensions): Uint8Array | null {
  return extensions.get(EXTENSION.ocspNonce)?.value ?? null
}

function readResponder(element: DerElement): ResponderIdentifier {
  if (element.tag === constructed(1)) return { by: 'name', name: readName(element.inner(constructed(1))) }
  return { by: 'key', hash: element.inner(constructed(2)).expect(TAG.octetString).content }
}

function readSingleResponse(element: DerElement): SingleResponse {
  const reader = element.reader()
  const identifier = readIdentifier(reader.next(TAG.sequence))
  const status = readStatus(reader.next())
  const thisUpdate = reader.next(TAG.generalizedTime).time
  const nextUpdate = reader.optional(constructed(0))?.inner(constructed(0)).expect(TAG.generalizedTime).time ?? null
  const wrapper = reader.optional(constructed(1))
  reader.end()
  const extensions = wrapper ? readExtensions(wrapper.inner(constructed(1))) : NO_EXTENSIONS
  return {
    identifier,
    ...status,
    thisUpdate,
    nextUpdate,
    archiveCutoff: readExtension(extensions, EXTENSION.ocspArchiveCutoff, value => value.time),
    beyondUnderstanding: unknownCritical(extensions, KNOWN_SINGLE_EXTENSIONS) !== null,
  }
}

function readStatus(element: DerElement): Pick<SingleResponse, 'status' | 'revokedAt' | 'reason'> {
  if (element.tag === constructed(1)) {
    const reader = element.reader(constructed(1))
    const revokedAt = reader.next(TAG.generalizedTime).time
    const reason = reader.optional(constructed(0))?.inner(constructed(0)).expect(TAG.enumerated).smallInteger ?? 0
    reader.end()
    return { status: 'revoked', revokedAt, reason }
  }
  const status = element.tag === primitive(0) ? 'good' : element.tag === primitive(2) ? 'unknown' : null
  if (!status || element.content.length > 0) throw new DerError('certificate status')
  return { status, revokedAt: null, reason: 0 }
}

function readIdentifier(element: DerElement): CertificateIdentifier {
  const reader = element.reader()
  const hashAlgorithm = reader.next(TAG.sequence).reader().next(TAG.objectIdentifier).objectIdentifier
  const issuerNameHash = reader.next(TAG.octetString).content
  const issuerKeyHash = reader.next(TAG.octetString).content
  const serialKey = reader.next(TAG.integer).integerKey
  reader.end()
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialKey }
}
