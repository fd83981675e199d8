import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { hashAlgorithm, type KnownHash } from '../cms/algorithms.ts'
import { DerError, readBer, TAG } from '../der/reader.ts'
import { element, integer, octetString, sequence } from '../der/writer.ts'
import { SigningError } from '../errors.ts'
import { createHttpClient, type HttpClient, HttpFault, type HttpFaultKind } from '../http/index.ts'
import type { HashAlgorithm, Timestamper } from '../types.ts'
import { judgeAlgorithm } from './algorithm-rules.ts'
import { checkTimestampToken, parseTimestampToken } from './timestamp-token.ts'

export interface TimestamperSettings {
  /** http or https address of an RFC 3161 service. */
  readonly url: string
  /** Milliseconds for one try, from connecting to the answer's last byte. The government's authority has been seen to take two minutes. */
  readonly timeout?: number
  readonly tries?: number
  /** Milliseconds between two tries. */
  readonly pause?: number
  /** Nonce of so many bytes; random by default. */
  readonly random?: (bytes: number) => Uint8Array
  readonly http?: HttpClient
}

const MAXIMUM_RESPONSE_BYTES = 1024 * 1024
/** An authority may change its certificate, or send one more of its chain, between two tokens. */
const RESERVE_BYTES = 2048

/** A positive INTEGER from random bytes. */
function nonceInteger(bytes: Uint8Array): Uint8Array {
  const content = Uint8Array.from(bytes)
  content[0] = ((content[0] ?? 0) & 0x7f) | 0x40
  return element(TAG.integer, content)
}

function request(imprint: Uint8Array, hash: HashAlgorithm, nonce: Uint8Array): Uint8Array {
  const messageImprint = sequence(hashAlgorithm(hash), octetString(imprint))
  const certificateRequested = element(TAG.boolean, Uint8Array.of(0xff))
  return sequence(integer(1), messageImprint, nonce, certificateRequested)
}

const REASONS: Readonly<Partial<Record<HttpFaultKind, string>>> = {
  'too-slow': 'no answer in time',
  'too-long': 'answer too long',
}

async function send(
  http: HttpClient,
  { url, timeout = 30_000 }: TimestamperSettings,
  body: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }
  try {
    const answer = await http({
      ...{ url, method: 'POST', headers, body, timeout, maximumBytes: MAXIMUM_RESPONSE_BYTES, signal },
    })
    if (answer.status >= 200 && answer.status <= 299) return answer.body
    throw new SigningError('timestamp-unavailable', { reason: `HTTP ${answer.status}` })
  } catch (cause) {
    if (!(cause instanceof HttpFault)) throw cause
    if (cause.kind === 'stopped') throw new SigningError('signing-cancelled', {}, { cause })
    const code = cause.kind === 'too-long' ? 'timestamp-invalid' : 'timestamp-unavailable'
    throw new SigningError(code, { reason: REASONS[cause.kind] ?? 'no connection' }, { cause })
  }
}

/** PKIStatusInfo and token of a TimeStampResp (RFC 3161 §2.4.2). */
function readResponse(bytes: Uint8Array): Uint8Array {
  const parts = readBer(bytes).reader()
  const status = parts.next(TAG.sequence).reader().next(TAG.integer).smallInteger
  // 0 granted, 1 granted with modifications
  if (status > 1) throw new SigningError('timestamp-refused', { status })
  return parts.next(TAG.sequence).bytes
}

function checkToken(der: Uint8Array, imprint: Uint8Array, hash: HashAlgorithm, nonce: Uint8Array): void {
  const token = parseTimestampToken(der)
  if (!token) throw new SigningError('timestamp-invalid', { reason: 'no time-stamp token' })
  if (!token.nonce || Buffer.compare(element(TAG.integer, token.nonce), nonce) !== 0) {
    throw new SigningError('timestamp-invalid', { reason: 'another nonce' })
  }
  const verdict = checkTimestampToken(token, (used: KnownHash) => (used === hash ? imprint : new Uint8Array(0)))
  if (verdict.problem !== null) throw new SigningError('timestamp-invalid', { reason: verdict.problem })
  // what is made today is to last: an end that is known already is too near
  if (verdict.algorithms.some(use => judgeAlgorithm(use).until !== null))
    throw new SigningError('timestamp-invalid', { reason: 'algorithm-too-weak' })
}

/**
 * An RFC 3161 client over HTTP. Tries again when the service cannot be reached; an answer that is wrong or a refusal is final. Whether
 * the authority is trusted is the verifier's question.
 */
export function createTimestamper(settings: TimestamperSettings): Timestamper {
  const { tries = 3, pause = 2000, random = randomBytes, http = createHttpClient() } = settings
  let largest = 0

  async function stampOnce(
    imprint: Uint8Array,
    hash: HashAlgorithm,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const nonce = nonceInteger(random(8))
    const answer = await send(http, settings, request(imprint, hash, nonce), signal)
    try {
      const token = readResponse(answer)
      checkToken(token, imprint, hash, nonce)
      largest = Math.max(largest, token.length)
      return token
    } catch (cause) {
      const malformed =
        cause instanceof DerError || (cause instanceof SigningError && cause.code === 'certificate-unreadable')
      if (malformed) throw new SigningError('timestamp-invalid', { reason: 'answer not understood' }, { cause })
      throw cause
    }
  }

  return {
    expectedBytes: () => (largest === 0 ? undefined : largest + RESERVE_BYTES),
    async stamp(imprint, hash, signal) {
      for (let left = tries; ; left--) {
        try {
          return await stampOnce(imprint, hash, signal)
        } catch (error) {
          const again = error instanceof SigningError && error.code === 'timestamp-unavailable'
          if (!again || left <= 1 || signal?.aborted) throw error
          await delay(pause, undefined, signal ? { signal } : {}).catch((cause: unknown) => {
            throw new SigningError('signing-cancelled', {}, { cause })
          })
        }
      }
    },
  }
}
