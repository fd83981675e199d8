import { SigningError } from '../errors.ts'
import { createHttpClient, HttpFault, type HttpFaultKind } from '../http/index.ts'

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
  /**
   * Also asks addresses inside the own network, at any port. Without it a stranger's certificate could make this PC knock at the doors
   * behind the firewall: only hosts of the public internet are asked, at ports 80 and 443.
   */
  readonly allowPrivate?: boolean
}

/** Redirections that are followed. */
const MAXIMUM_REDIRECTIONS = 3

const REASONS: Readonly<Partial<Record<HttpFaultKind, string>>> = {
  'too-slow': 'no answer in time',
  'too-long': 'answer too long',
  'address-refused': 'address not allowed',
}

/** OCSP by POST (RFC 6960 Appendix A.1), lists and certificates by GET (RFC 5280 §4.2.1.13), over http and https. */
export function createStatusFetcher({
  timeout = 15_000,
  maximumBytes = 32 * 1024 * 1024,
  allowPrivate = false,
}: StatusFetcherSettings = {}): StatusFetcher {
  const http = createHttpClient({ onlyPublic: !allowPrivate })
  return {
    async fetch(address, body, signal) {
      const unavailable = (reason: string, cause?: unknown) =>
        new SigningError('validation-data-unavailable', { reason, address: new URL(address).host }, { cause })
      const ocsp = body && { method: 'POST' as const, headers: { 'content-type': 'application/ocsp-request' }, body }
      try {
        const request = { url: address, timeout, maximumBytes, redirections: MAXIMUM_REDIRECTIONS, signal }
        const answer = await http({ ...request, ...ocsp })
        if (answer.status >= 200 && answer.status <= 299) return answer.body
        throw unavailable(`HTTP ${answer.status}`)
      } catch (cause) {
        if (!(cause instanceof HttpFault)) throw cause
        throw unavailable(REASONS[cause.kind] ?? 'no connection', cause)
      }
    },
  }
}
