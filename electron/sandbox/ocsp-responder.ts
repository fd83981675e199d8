import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { OCSPRequest } from '@peculiar/asn1-ocsp'
import { AsnParser } from '@peculiar/asn1-schema'
import { readDer, TAG } from '../../native-signing/der/reader.ts'
import {
  bitString,
  element,
  explicit,
  generalizedTime,
  implicit,
  objectIdentifier,
  octetString,
  sequence,
} from '../../native-signing/der/writer.ts'
import { issueCertificate, type SandboxIdentity, type SandboxPki } from './pki.ts'
import { algorithmOf, certificateFields, publicKeyBits } from './pki-certificate.ts'

/** What the practice responder does wrong when it is told to. */
export type OcspFault =
  /** "Try later" instead of an answer. */
  | 'try-later'
  /** The certificate is unknown to it. */
  | 'unknown'
  /** An answer of last year. */
  | 'outdated'
  | 'broken-signature'
  /** Signed by a key that nobody has entitled. */
  | 'wrong-signer'
  | 'garbage'

export interface OcspResponder {
  readonly pki: SandboxPki
  /** Answers for what the sub-CA has issued; the root answers for itself. */
  readonly identity: SandboxIdentity
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1'
const NONCE = '1.3.6.1.5.5.7.48.1.2'
const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR
/** OCSPResponseStatus (RFC 6960 §4.2.1). */
const STATUS = { successful: 0, malformedRequest: 1, tryLater: 3, unauthorized: 6 } as const

/** A responder with a certificate of its own from the sub-CA (RFC 6960 §4.2.2.2: id-kp-OCSPSigning, no check of its own status). */
export function createOcspResponder(pki: SandboxPki, now: Date): OcspResponder {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = issueCertificate(pki, {
    kind: 'ocsp-responder',
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: { organisation: 'BÀN TẬP DƯỢT CHỨNG THỰC ĐIỆN TỬ (MẪU)', commonName: 'OCSP tập dượt (mẫu)' },
    notBefore: new Date(now.getTime() - HOUR),
    notAfter: new Date(now.getTime() + YEAR),
  })
  return { pki, identity: { certificate, privateKey } }
}

function refusal(status: number): Buffer {
  return sequence(element(0x0a, Buffer.from([status])))
}

interface Asked {
  /** CertID as it came, DER. */
  readonly identifier: Buffer
  readonly issuerKeyHash: Buffer
  readonly serialNumber: string
}

/** The requests of an OCSPRequest, by the bytes as they stand there; the parser has accepted them before. */
function requestsIn(der: Uint8Array): { readonly asked: readonly Asked[]; readonly nonce: Buffer | null } {
  const parsed = AsnParser.parse(der, OCSPRequest)
  const list = readDer(der)
    .reader()
    .next()
    .children.find(part => part.tag === TAG.sequence)
  const identifiers = (list?.children ?? []).map(request => Buffer.from(request.reader().next().bytes))
  const asked = parsed.tbsRequest.requestList.map(({ reqCert }, index) => ({
    identifier: identifiers[index] ?? Buffer.alloc(0),
    issuerKeyHash: Buffer.from(reqCert.issuerKeyHash.buffer),
    serialNumber: Buffer.from(reqCert.serialNumber).toString('hex'),
  }))
  const nonce = parsed.tbsRequest.requestExtensions?.find(({ extnID }) => extnID === NONCE)
  return { asked, nonce: nonce ? Buffer.from(nonce.extnValue.buffer) : null }
}

/** SHA-1 and SHA-256 of an authority's public key bits. */
function keyHashes(certificate: Uint8Array): readonly Buffer[] {
  const bits = publicKeyBits(certificateFields(certificate).publicKey)
  return ['sha1', 'sha256'].map(hash => createHash(hash).update(bits).digest())
}

/**
 * The answer to one OCSPRequest: an OCSPResponse, DER (RFC 6960 §4.2). Good for a day.
 * @param fault what to do wrong
 */
export function answerOcspRequest(
  request: Uint8Array,
  { pki, identity }: OcspResponder,
  now: Date,
  fault: OcspFault | null = null,
): Uint8Array {
  if (fault === 'garbage') return Buffer.from('<html>không phải OCSP</html>')
  if (fault === 'try-later') return refusal(STATUS.tryLater)
  let asked: readonly Asked[]
  let nonce: Buffer | null
  try {
    ;({ asked, nonce } = requestsIn(request))
  } catch {
    return refusal(STATUS.malformedRequest)
  }
  const isOf = (authority: SandboxIdentity) => {
    const hashes = keyHashes(authority.certificate)
    return asked.every(({ issuerKeyHash }) => hashes.some(hash => hash.equals(issuerKeyHash)))
  }
  const ofSubCa = isOf(pki.subCa)
  if (asked.length === 0 || !(ofSubCa || isOf(pki.root))) return refusal(STATUS.unauthorized)
  const signer = ofSubCa ? identity : pki.root
  const made = fault === 'outdated' ? new Date(now.getTime() - YEAR) : now
  const answers = asked.map(({ identifier, serialNumber }) => {
    const revocation = ofSubCa ? pki.revoked.find(each => sameNumber(each.serialNumber, serialNumber)) : undefined
    const status = fault === 'unknown' ? implicit(2, Buffer.alloc(0)) : implicit(0, Buffer.alloc(0))
    const nextUpdate = new Date(made.getTime() + 24 * HOUR)
    return sequence(
      identifier,
      revocation ? explicit(1, generalizedTime(revocation.at)) : status,
      generalizedTime(made),
      explicit(0, generalizedTime(nextUpdate)),
    )
  })
  const extensions = nonce ? [explicit(1, sequence(sequence(objectIdentifier(NONCE), octetString(nonce))))] : []
  const data = sequence(
    explicit(1, certificateFields(signer.certificate).subject),
    generalizedTime(made),
    sequence(...answers),
    ...extensions,
  )
  const { privateKey } = fault === 'wrong-signer' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : signer
  const signature = sign('sha256', data, privateKey)
  if (fault === 'broken-signature') signature.writeUInt8(signature.readUInt8(20) ^ 1, 20)
  const certificates = ofSubCa ? [explicit(0, sequence(Buffer.from(signer.certificate)))] : []
  const basic = sequence(data, algorithmOf(privateKey), bitString(signature), ...certificates)
  const response = sequence(objectIdentifier(BASIC_RESPONSE), octetString(basic))
  return sequence(element(0x0a, Buffer.from([STATUS.successful])), explicit(0, response))
}

const sameNumber = (one: string, other: string): boolean => BigInt(`0x${one}`) === BigInt(`0x${other}`)
