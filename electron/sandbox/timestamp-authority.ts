import { createHash, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { AsnParser } from '@peculiar/asn1-schema'
import { TimeStampReq } from '@peculiar/asn1-tsp'
import {
  certificateTime,
  element,
  explicit,
  generalizedTime,
  integer,
  namedBits,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utf8String,
} from '../../native-signing/der/writer.ts'
import type { SandboxIdentity } from './pki.ts'
import { algorithmOf, certificateFields } from './pki-certificate.ts'

/** What the practice authority does wrong when it is told to, so that the desk can be seen to bear it. */
export type TimestampFault =
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'refuse'; readonly failure: TimestampFailure }
  | { readonly kind: 'wrong-nonce' | 'wrong-imprint' | 'garbage' | 'broken-signature' | 'wrong-certificate-hash' }

/** PKIFailureInfo bits of RFC 3161 §2.4.2. */
const failureBits = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  systemFailure: 25,
} as const
export type TimestampFailure = keyof typeof failureBits

export interface TimestampAuthority {
  readonly url: string
  /** How many requests have come in. */
  requestCount(): number
  /** From now on every answer has this fault; null: none. */
  setFault(fault: TimestampFault | null): void
  close(): Promise<void>
}

export interface TimestampAuthorityOptions {
  readonly identity: SandboxIdentity
  /** Certificates that go along when the asker wants certificates, after the authority's own. */
  readonly chain?: readonly Uint8Array[]
  readonly clock?: () => Date
  /** 0 takes any free port. */
  readonly port?: number
  readonly policy?: string
}

const oid = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

/** Hashes that may be stamped, with their length in bytes. */
const imprintLengths: Readonly<Record<string, number>> = {
  [oid.sha256]: 32,
  '2.16.840.1.101.3.4.2.2': 48,
  '2.16.840.1.101.3.4.2.3': 64,
}

const practicePolicy = '1.3.6.1.4.1.13762.3'
const replyType = 'application/timestamp-reply'
const largestRequest = 64 * 1024

/** Starts the practice time-stamp authority (RFC 3161 over HTTP, §3.4) on this machine only. */
export async function startTimestampAuthority(options: TimestampAuthorityOptions): Promise<TimestampAuthority> {
  let fault: TimestampFault | null = null
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    respond(request, response, options, fault).catch(error => response.destroy(error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/tsa`,
    requestCount: () => requests,
    setFault: next => {
      fault = next
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: TimestampAuthorityOptions,
  fault: TimestampFault | null,
): Promise<void> {
  if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query') {
    response.writeHead(400).end()
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > largestRequest) {
      response.writeHead(413).end()
      return
    }
    chunks.push(bytes)
  }
  if (fault?.kind === 'unavailable') {
    response.writeHead(503).end('đang bảo trì')
    return
  }
  if (fault?.kind === 'slow') await new Promise(resolve => setTimeout(resolve, fault.milliseconds))
  const answer =
    fault?.kind === 'garbage'
      ? Buffer.from('<html>không phải dấu thời gian</html>')
      : answerTimestampRequest(Buffer.concat(chunks), options, fault)
  response.writeHead(200, { 'content-type': replyType }).end(answer)
}

/** The answer to one TimeStampReq: a TimeStampResp, DER. Pure apart from the clock and the serial number's randomness. */
export function answerTimestampRequest(
  requestDer: Uint8Array,
  options: TimestampAuthorityOptions,
  fault: TimestampFault | null = null,
): Uint8Array {
  if (fault?.kind === 'refuse') return refusal(fault.failure)
  let request: TimeStampReq
  try {
    request = AsnParser.parse(requestDer, TimeStampReq)
  } catch {
    return refusal('badDataFormat')
  }
  const { hashAlgorithm, hashedMessage } = request.messageImprint
  const imprint = Buffer.from(hashedMessage.buffer)
  const length = imprintLengths[hashAlgorithm.algorithm]
  if (length === undefined) return refusal('badAlg')
  if (length !== imprint.length || request.version !== 1) return refusal('badRequest')
  const policy = options.policy ?? practicePolicy
  if (request.reqPolicy !== undefined && request.reqPolicy !== policy) return refusal('unacceptedPolicy')

  const now = options.clock?.() ?? new Date()
  const nonce = request.nonce === undefined ? null : Buffer.from(request.nonce)
  const info = sequence(
    integer(1),
    objectIdentifier(policy),
    sequence(
      sequence(objectIdentifier(hashAlgorithm.algorithm), ...(hashAlgorithm.parameters === undefined ? [] : [nothing])),
      octetString(fault?.kind === 'wrong-imprint' ? Buffer.alloc(length, 0x5a) : imprint),
    ),
    integer(randomBytes(8)),
    generalizedTime(now),
    sequence(integer(1)),
    ...(nonce ? [fault?.kind === 'wrong-nonce' ? integer(randomBytes(8)) : element(0x02, nonce)] : []),
  )
  return new Uint8Array(sequence(sequence(integer(0)), timestampToken(info, request.certReq, now, options, fault)))
}

/** The CMS SignedData around the TSTInfo (RFC 3161 §2.4.2, RFC 5816 for the certificate's SHA-256). */
function timestampToken(
  info: Buffer,
  withCertificates: boolean,
  now: Date,
  { identity, chain = [] }: TimestampAuthorityOptions,
  fault: TimestampFault | null,
): Buffer {
  const { issuer, serialNumber } = certificateFields(identity.certificate)
  const certificateHash =
    fault?.kind === 'wrong-certificate-hash' ? Buffer.alloc(32, 0x5a) : sha256(identity.certificate)
  const certificateId = sequence(octetString(certificateHash), sequence(sequence(explicit(4, issuer)), serialNumber))
  const attributes = [
    attribute(oid.contentType, objectIdentifier(oid.timestampInfo)),
    attribute(oid.signingTime, certificateTime(now)),
    attribute(oid.messageDigest, octetString(sha256(info))),
    attribute(oid.signingCertificateV2, sequence(sequence(certificateId))),
  ].toSorted(Buffer.compare)
  const signature = sign('sha256', setOf(...attributes), identity.privateKey)
  if (fault?.kind === 'broken-signature') signature.writeUInt8(signature.readUInt8(20) ^ 1, 20)
  const sha256Algorithm = sequence(objectIdentifier(oid.sha256), nothing)
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serialNumber),
    sha256Algorithm,
    explicit(0, ...attributes),
    algorithmOf(identity.privateKey),
    octetString(signature),
  )
  const signedData = sequence(
    integer(3),
    setOf(sha256Algorithm),
    sequence(objectIdentifier(oid.timestampInfo), explicit(0, octetString(info))),
    ...(withCertificates ? [explicit(0, ...[identity.certificate, ...chain].toSorted(Buffer.compare))] : []),
    setOf(signerInfo),
  )
  return sequence(objectIdentifier(oid.signedData), explicit(0, signedData))
}

function refusal(failure: TimestampFailure): Uint8Array {
  const text = sequence(utf8String(`yêu cầu bị từ chối: ${failure}`))
  return new Uint8Array(sequence(sequence(integer(2), text, namedBits(failureBits[failure]))))
}

const attribute = (type: string, value: Buffer): Buffer => sequence(objectIdentifier(type), setOf(value))
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
