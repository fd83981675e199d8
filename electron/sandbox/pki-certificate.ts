import { createHash, type KeyObject, sign } from 'node:crypto'
import { readDer, TAG } from '../../native-signing/der/reader.ts'
import {
  bitString,
  certificateTime,
  element,
  explicit,
  ia5String,
  implicit,
  integer,
  namedBits,
  nothing,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  setOf,
  utf8String,
  yes,
} from '../../native-signing/der/writer.ts'

/** A name as Vietnamese certificates have it; written in this order, UTF-8. */
export interface DistinguishedName {
  readonly locality?: string
  readonly organisation?: string
  readonly organisationalUnit?: string
  readonly commonName: string
  readonly email?: string
}

/** What a certificate is for; decides its key usage. `encryption` is there to be refused: it may not sign. */
export type CertificateKind =
  | 'root'
  | 'authority'
  | 'person'
  | 'organisation'
  | 'timestamp-authority'
  | 'ocsp-responder'
  | 'encryption'

/** Addresses that stand in a certificate; null where nobody serves them. */
export interface RevocationAddresses {
  readonly crl: string | null
  readonly ocsp: string | null
  readonly issuerCertificate: string | null
}

export interface CertificateContent {
  readonly kind: CertificateKind
  readonly serialNumber: Uint8Array
  readonly subject: DistinguishedName
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly addresses: RevocationAddresses
}

/** Who signs: an authority's key, and its certificate (null where the certificate is its own: the root). */
export interface Issuer {
  readonly privateKey: KeyObject
  readonly certificate: Uint8Array | null
}

export interface Revocation {
  /** Lower-case hex. */
  readonly serialNumber: string
  readonly at: Date
}

const algorithm = {
  rsa: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing),
  ec: sequence(objectIdentifier('1.2.840.10045.4.3.2')),
}

/** Bits of KeyUsage (RFC 5280 §4.2.1.3): 0 digitalSignature, 1 nonRepudiation, 2–3 encipherment, 5 keyCertSign, 6 cRLSign. */
const keyUsage: Readonly<Record<CertificateKind, readonly number[]>> = {
  root: [5, 6],
  authority: [5, 6],
  person: [0, 1],
  organisation: [0, 1],
  'timestamp-authority': [0, 1],
  'ocsp-responder': [0],
  encryption: [2, 3],
}

/** A certificate of RFC 5280, signed with SHA-256. */
export function buildCertificate(content: CertificateContent, issuer: Issuer): Uint8Array {
  const subject = distinguishedName(content.subject)
  const signatureAlgorithm = algorithmOf(issuer.privateKey)
  const toBeSigned = sequence(
    explicit(0, integer(2)),
    integer(content.serialNumber),
    signatureAlgorithm,
    issuer.certificate ? certificateFields(issuer.certificate).subject : subject,
    sequence(certificateTime(content.notBefore), certificateTime(content.notAfter)),
    subject,
    Buffer.from(content.publicKey),
    explicit(3, sequence(...extensions(content, issuer))),
  )
  return signed(toBeSigned, signatureAlgorithm, issuer.privateKey)
}

/** A certificate revocation list of RFC 5280 §5, with its number taken from the time of issue. */
export function buildRevocationList(
  revoked: readonly Revocation[],
  issuer: { readonly privateKey: KeyObject; readonly certificate: Uint8Array },
  thisUpdate: Date,
  nextUpdate: Date,
): Uint8Array {
  const { subject, publicKey } = certificateFields(issuer.certificate)
  const signatureAlgorithm = algorithmOf(issuer.privateKey)
  const entries = revoked.map(each =>
    sequence(integer(Buffer.from(each.serialNumber, 'hex')), certificateTime(each.at)),
  )
  const toBeSigned = sequence(
    integer(1),
    signatureAlgorithm,
    subject,
    certificateTime(thisUpdate),
    certificateTime(nextUpdate),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(
      0,
      sequence(
        extension('2.5.29.35', sequence(implicit(0, keyIdentifier(publicKey)))),
        extension('2.5.29.20', integer(Math.floor(thisUpdate.getTime() / 1000))),
      ),
    ),
  )
  return signed(toBeSigned, signatureAlgorithm, issuer.privateKey)
}

/** Parts of a certificate, each as its DER element. */
export function certificateFields(der: Uint8Array): {
  readonly serialNumber: Buffer
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly publicKey: Buffer
} {
  const parts = readDer(der).reader().next().children
  const [, serialNumber, , issuer, , subject, publicKey] = parts.map(({ bytes }) => Buffer.from(bytes))
  if (!serialNumber || !issuer || !subject || !publicKey) throw new Error('not an X.509 v3 certificate')
  return { serialNumber, issuer, subject, publicKey }
}

/** AlgorithmIdentifier of "this key with SHA-256". */
export function algorithmOf(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'ec' ? algorithm.ec : algorithm.rsa
}

function signed(toBeSigned: Buffer, signatureAlgorithm: Buffer, key: KeyObject): Uint8Array {
  return new Uint8Array(sequence(toBeSigned, signatureAlgorithm, bitString(sign('sha256', toBeSigned, key))))
}

function distinguishedName(name: DistinguishedName): Buffer {
  const parts: readonly (readonly [string, Buffer | null])[] = [
    ['2.5.4.6', printableString('VN')],
    ['2.5.4.7', name.locality === undefined ? null : utf8String(name.locality)],
    ['2.5.4.10', name.organisation === undefined ? null : utf8String(name.organisation)],
    ['2.5.4.11', name.organisationalUnit === undefined ? null : utf8String(name.organisationalUnit)],
    ['2.5.4.3', utf8String(name.commonName)],
    ['1.2.840.113549.1.9.1', name.email === undefined ? null : ia5String(name.email)],
  ]
  return sequence(...parts.flatMap(([type, value]) => (value ? [setOf(sequence(objectIdentifier(type), value))] : [])))
}

/** SHA-1 of the public key's bits: method (1) of RFC 5280 §4.2.1.2, an identifier and not a protection. */
function keyIdentifier(publicKey: Uint8Array): Buffer {
  return createHash('sha1').update(publicKeyBits(publicKey)).digest()
}

/** Content of the BIT STRING in a SubjectPublicKeyInfo. */
export function publicKeyBits(publicKey: Uint8Array): Uint8Array {
  const parts = readDer(publicKey).reader()
  parts.next()
  return parts.next(TAG.bitString).bitStringBytes
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(type), ...(critical ? [yes] : []), octetString(value))
}

function extensions(content: CertificateContent, issuer: Issuer): readonly Buffer[] {
  const issuerKey = issuer.certificate ? certificateFields(issuer.certificate).publicKey : content.publicKey
  const isAuthority = content.kind === 'root' || content.kind === 'authority'
  const pathLength = content.kind === 'authority' ? [integer(0)] : []
  const { crl, ocsp, issuerCertificate } = content.addresses
  const address = (url: string) => implicit(6, Buffer.from(url, 'latin1'))
  const access = [
    ...(ocsp ? [sequence(objectIdentifier('1.3.6.1.5.5.7.48.1'), address(ocsp))] : []),
    ...(issuerCertificate ? [sequence(objectIdentifier('1.3.6.1.5.5.7.48.2'), address(issuerCertificate))] : []),
  ]
  return [
    extension('2.5.29.19', isAuthority ? sequence(yes, ...pathLength) : sequence(), true),
    extension('2.5.29.15', namedBits(...keyUsage[content.kind]), true),
    extension('2.5.29.14', octetString(keyIdentifier(content.publicKey))),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuerKey)))),
    ...purposes(content.kind),
    ...(crl ? [extension('2.5.29.31', sequence(sequence(explicit(0, explicit(0, address(crl))))))] : []),
    ...(access.length > 0 ? [extension('1.3.6.1.5.5.7.1.1', sequence(...access))] : []),
  ]
}

function purposes(kind: CertificateKind): readonly Buffer[] {
  // RFC 3161 §2.3: timeStamping alone, and critical.
  if (kind === 'timestamp-authority') {
    return [extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.8')), true)]
  }
  if (kind === 'ocsp-responder') {
    const noCheck = extension('1.3.6.1.5.5.7.48.1.5', element(0x05))
    return [extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.9'))), noCheck]
  }
  return []
}
