import { SigningError } from '../errors.ts'
import { DerError } from '../path/index.ts'
import { readOcspResponse } from '../path/ocsp-response.ts'
import type { Certificate } from '../types.ts'
import { statusAddresses } from './addresses.ts'
import { parseCertificate, readCertificate } from './certificate.ts'
import { ocspRequest } from './ocsp-request.ts'
import type { StatusFetcher } from './status-fetcher.ts'

/** Issuers that are looked for one above the other. */
export const MAXIMUM_FETCHED_ISSUERS = 5

/** Addresses of one kind in one certificate that are tried. */
const MAXIMUM_ADDRESSES = 4

/** Requests for all that one file brings: its certificates may name as many addresses as they like. */
const MAXIMUM_REQUESTS = 200

/** What authorities publish at the addresses in certificates. Each address is asked once; what cannot be had is absent. */
export class RemoteData {
  readonly #fetcher: StatusFetcher | null
  readonly #signal: AbortSignal | undefined
  readonly #fetched = new Map<string, Promise<Uint8Array>>()
  /** Why something was not to be had; null where all was. */
  lastFault: unknown = null

  /** @param fetcher null asks nobody */
  constructor(fetcher: StatusFetcher | null, signal?: AbortSignal) {
    this.#fetcher = fetcher
    this.#signal = signal
  }

  /** The certificate of one who may have issued it (RFC 5280 §4.2.2.1), from one address after another. */
  async *issuers(certificate: Certificate): AsyncGenerator<Certificate> {
    for (const address of statusAddresses(parseCertificate(certificate.der)).issuers.slice(0, MAXIMUM_ADDRESSES)) {
      const der = await this.#fetch(address, null)
      const issuer = der && this.readable(der)
      if (issuer) yield issuer
    }
  }

  /** OCSP answers; refusals (tryLater …) and web pages are none. */
  async *answers(certificate: Certificate, issuer: Certificate): AsyncGenerator<Uint8Array> {
    const parsed = parseCertificate(certificate.der)
    const request = ocspRequest(parsed, parseCertificate(issuer.der))
    for (const address of statusAddresses(parsed).ocsp.slice(0, MAXIMUM_ADDRESSES)) {
      const der = await this.#fetch(address, request)
      if (der && isOcspResponse(der)) yield der
    }
  }

  /** Revocation lists, from one distribution point after another. */
  async *lists(certificate: Certificate): AsyncGenerator<Uint8Array> {
    for (const address of statusAddresses(parseCertificate(certificate.der)).crls.slice(0, MAXIMUM_ADDRESSES)) {
      const der = await this.#fetch(address, null)
      if (der) yield der
    }
  }

  /** Null for what is no certificate. */
  readable(der: Uint8Array): Certificate | null {
    try {
      return readCertificate(der)
    } catch (error) {
      if (!(error instanceof SigningError)) throw error
      this.lastFault = error
      return null
    }
  }

  async #fetch(address: string, body: Uint8Array | null): Promise<Uint8Array | null> {
    if (!this.#fetcher) return null
    const key = `${address} ${body ? Buffer.from(body).toString('hex') : ''}`
    const asked = this.#fetched.get(key)
    if (!asked && this.#fetched.size >= MAXIMUM_REQUESTS) return null
    const fetched = asked ?? this.#fetcher.fetch(address, body, this.#signal)
    this.#fetched.set(key, fetched)
    try {
      return await fetched
    } catch (error) {
      if (!(error instanceof SigningError)) throw error
      this.lastFault = error
      return null
    }
  }
}

/** Where the chain of issuers ends that can be followed by name. */
export function highestKnown(leaf: Certificate, known: readonly Certificate[]): Certificate {
  let current = leaf
  for (let steps = 0; steps < MAXIMUM_FETCHED_ISSUERS; steps++) {
    const issuer = known.find(({ subject, sha256 }) => subject === current.issuer && sha256 !== current.sha256)
    if (!issuer) return current
    current = issuer
  }
  return current
}

function isOcspResponse(der: Uint8Array): boolean {
  try {
    return readOcspResponse(der) !== null
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}
