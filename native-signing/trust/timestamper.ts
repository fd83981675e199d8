import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { hashAlgorithm, type KnownHash } from '../cms/algorithms.ts'
import { DerError, readBer, TAG } from '../der/reader.ts'
import { element, integer, octetString, sequence } from '../der/writer.ts'
import { SigningError } from '../errors.ts'
import type { HashAlgorithm, Timestamper } from '../types.ts'
import { judgeAlgorithm } from './algorithm-rules.ts'
import { checkTimestampToken, parseTimestampToken } from './timestamp-token.ts'

export interface TimestamperSettings {
  /** http or https address of an RFC 3161 service. */
  readonly url: string
  /** Milliseconds for one try. The government's authority has been seen to take more than two minutes: give it 180 000. */
  readonly timeout?: number
  readonly tries?: number
  /** Milliseconds between two tries. */
  readonly pause?: number
  /** Nonce of so many bytes; random by default. */
  readonly random?: (bytes: number) => Uint8Array
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

/** The body, cut off before it can fill our memory. */
async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAXIMUM_RESPONSE_BYTES) throw new SigningError('timestamp-invalid', { reason: 'answer too long' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function send(
  settings: TimestamperSettings,
  body: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(settings.timeout ?? 30_000)
  try {
    const response = await fetch(settings.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Uint8Array.from(body),
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new SigningError('timestamp-unavailable', { reason: `HTTP ${response.status}` })
    }
    return await readBody(response)
  } catch (cause) {
    if (cause instanceof SigningError) throw cause
    throw new SigningError(
      'timestamp-unavailable',
      { reason: limit.aborted ? 'no answer in time' : 'no connection' },
      { cause },
    )
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
  const { tries = 3, pause = 2000, random = randomBytes } = settings
  let largest = 0

  async function stampOnce(
    imprint: Uint8Array,
    hash: HashAlgorithm,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const nonce = nonceInteger(random(8))
    const answer = await send(settings, request(imprint, hash, nonce), signal)
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
          await delay(pause, undefined, signal ? { signal } : {}).catch(() => {
            throw error
          })
        }
      }
    },
  }
}
