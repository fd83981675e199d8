import { SigningError } from '../errors.ts'
import { isHttp } from './addresses.ts'

/** How revocation data and issuers' certificates are had from outside. */
export interface StatusFetcher {
  /**
   * @param body posted as an OCSP request; null to get what lies at the address
   * @throws SigningError validation-data-unavailable
   */
  fetch(address: string, body: Uint8Array | null, signal?: AbortSignal): Promise<Uint8Array>
}

export interface StatusFetcherSettings {
  /** Milliseconds for one address. */
  readonly timeout?: number
  /** Longest answer that is read to the end; large authorities have lists of many megabytes. */
  readonly maximumBytes?: number
}

/** Redirections that are followed; beyond, or to anything but http and https, the answer is null. */
const MAXIMUM_REDIRECTIONS = 3

async function follow(address: string, request: RequestInit): Promise<Response | null> {
  let next = address
  for (let redirections = 0; redirections <= MAXIMUM_REDIRECTIONS && isHttp(next); redirections++) {
    const response = await fetch(next, { ...request, redirect: 'manual' })
    const target = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || !target || !URL.canParse(target, next)) return response
    await response.body?.cancel()
    next = new URL(target, next).href
  }
  return null
}

/** OCSP by POST (RFC 6960 Appendix A.1), lists and certificates by GET (RFC 5280 §4.2.1.13), over http and https. */
export function createStatusFetcher({
  timeout = 15_000,
  maximumBytes = 32 * 1024 * 1024,
}: StatusFetcherSettings = {}): StatusFetcher {
  return {
    async fetch(address, body, signal) {
      const limit = AbortSignal.timeout(timeout)
      const unavailable = (reason: string, cause?: unknown) =>
        new SigningError('validation-data-unavailable', { reason, address: new URL(address).host }, { cause })
      const request = body
        ? { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body: Uint8Array.from(body) }
        : {}
      try {
        const response = await follow(address, {
          ...request,
          signal: signal ? AbortSignal.any([limit, signal]) : limit,
        })
        if (!response?.ok) {
          await response?.body?.cancel()
          throw unavailable(response ? `HTTP ${response.status}` : 'redirected elsewhere')
        }
        const chunks: Uint8Array[] = []
        let length = 0
        for await (const chunk of response.body ?? []) {
          length += chunk.length
          if (length > maximumBytes) throw unavailable('answer too long')
          chunks.push(chunk)
        }
        return Buffer.concat(chunks)
      } catch (cause) {
        if (cause instanceof SigningError) throw cause
        throw unavailable(limit.aborted ? 'no answer in time' : 'no connection', cause)
      }
    },
  }
}
