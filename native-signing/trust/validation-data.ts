import { SigningError } from '../errors.ts'
import { checkRevocation, type Signed } from '../path/index.ts'
import { readOcspResponse } from '../path/ocsp-response.ts'
import type { ValidationData } from '../pdf/security-store.ts'
import type { Certificate } from '../types.ts'
import { isReliable } from './algorithm-rules.ts'
import { EXTENSION, parseCertificate, readCertificate } from './certificate.ts'
import {
  type CertificateQuestion,
  type ExistedAt,
  existedFor,
  type PathVerdict,
  type TrustSettings,
  validatePath,
} from './chain.ts'
import { newestBelievable } from './clock.ts'
import { keyHash } from './ocsp-request.ts'
import { highestKnown, MAXIMUM_FETCHED_ISSUERS, RemoteData } from './remote-data.ts'
import type { StatusFetcher } from './status-fetcher.ts'

export interface CollectorSettings {
  readonly trust: TrustSettings
  /** What the file holds already; used again where it serves. */
  readonly store: ValidationData
  /** Null works with what is given alone. */
  readonly fetcher: StatusFetcher | null
  readonly clock: () => Date
  /** Since when what is at hand is proven to exist; without, nothing counts as older than now. */
  readonly existedAt?: ExistedAt
  readonly signal?: AbortSignal
}

interface Evidence {
  readonly kind: 'ocsp' | 'crls'
  readonly der: Uint8Array
}

/** A given list that is larger goes into a file only when no OCSP answer comes: every signed copy would carry it. */
const LARGE_LIST_BYTES = 32 * 1024
/** Responders of responders of responders. */
const MAXIMUM_DEPTH = 3

/**
 * Gathers what proves the status of certificates for ever: whole paths, and for each certificate an OCSP answer or a list, those of the
 * answers' signers included (ETSI EN 319 142-1 §5.5). What is at hand is used first, then OCSP and lists by the addresses in the certificates.
 */
export class ValidationDataCollector {
  readonly #settings: CollectorSettings
  readonly #certificates = new Map<string, Certificate>()
  readonly #remote: RemoteData

  constructor(settings: CollectorSettings) {
    this.#settings = settings
    this.#remote = new RemoteData(settings.fetcher, settings.signal)
    for (const der of settings.store.certificates) {
      const certificate = this.#remote.readable(der)
      if (certificate) this.#certificates.set(certificate.sha256, certificate)
    }
  }

  /**
   * What shows for ever that the certificate was valid at that time.
   * @throws SigningError validation-data-unavailable where a status cannot be had or a path not be built, certificate-revoked
   */
  collect(question: CertificateQuestion): Promise<ValidationData> {
    return this.#collect(question, 0)
  }

  async #collect(question: CertificateQuestion, depth: number): Promise<ValidationData> {
    const path = await this.#pathOf(question)
    const certificates = new Set(path.map(({ der }) => der))
    const ocsp = new Set<Uint8Array>()
    const crls = new Set<Uint8Array>()
    for (const [index, certificate] of path.slice(0, -1).entries()) {
      // whoever answers for others may be trusted for his certificate's short life (RFC 6960 §4.2.2.2.1)
      if (parseCertificate(certificate.der).extensions.has(EXTENSION.ocspNoCheck)) continue
      const evidence = await this.#evidenceFor(certificate, path.slice(index + 1), question.at)
      if (evidence.kind === 'crls') crls.add(evidence.der)
      else {
        ocsp.add(evidence.der)
        for (const further of await this.#responders(evidence.der, path, depth)) {
          for (const der of further.certificates) certificates.add(der)
          for (const der of further.ocsp) ocsp.add(der)
          for (const der of further.crls) crls.add(der)
        }
      }
    }
    return { certificates: [...certificates], ocsp: [...ocsp], crls: [...crls] }
  }

  /** Data for the signers of an OCSP answer, where they are not of the path itself. */
  async #responders(
    answer: Uint8Array,
    path: readonly Certificate[],
    depth: number,
  ): Promise<readonly ValidationData[]> {
    const response = readOcspResponse(answer)
    if (!response || depth >= MAXIMUM_DEPTH) return []
    const found: ValidationData[] = []
    for (const { der, sha256, subject, publicKeyInfo } of response.certificates) {
      const { responder } = response
      const isResponder =
        responder.by === 'name'
          ? responder.name.key === subject.key
          : Buffer.compare(responder.hash, keyHash(publicKeyInfo)) === 0
      if (!isResponder || path.some(each => each.sha256 === sha256)) continue
      const question = { certificate: readCertificate(der), embedded: path, at: response.producedAt, named: false }
      found.push(await this.#collect(question, depth + 1))
    }
    return found
  }

  /** The path up to the anchor; issuers that are missing are fetched by the addresses in the certificates. */
  async #pathOf(question: CertificateQuestion): Promise<readonly Certificate[]> {
    const { trust, clock } = this.#settings
    const { certificate, embedded, at } = question
    const existed = existedFor(question, signed => this.#existedAt(signed))
    for (let fetches = 0; ; fetches++) {
      const known = [...embedded, ...this.#certificates.values()]
      const verdict: PathVerdict = validatePath(certificate, known, trust, at, newestBelievable(clock()), existed)
      if (verdict.problem === null) return verdict.path
      if (verdict.problem === 'revoked') throw revoked(verdict.revokedAt)
      const last = highestKnown(certificate, known)
      const found =
        verdict.problem === 'no-chain' && fetches < MAXIMUM_FETCHED_ISSUERS && (await this.#fetchIssuer(last))
      if (!found) throw this.#unavailable(verdict.problem)
    }
  }

  #existedAt(signed: Signed): Date | null {
    return this.#settings.existedAt?.(signed) ?? null
  }

  async #fetchIssuer(certificate: Certificate): Promise<boolean> {
    const before = this.#certificates.size
    for await (const issuer of this.#remote.issuers(certificate)) {
      this.#certificates.set(issuer.sha256, issuer)
      if (this.#certificates.size > before) return true
    }
    return false
  }

  async #evidenceFor(certificate: Certificate, issuers: readonly Certificate[], at: Date): Promise<Evidence> {
    for await (const { evidence, madeAfter } of this.#candidates(certificate, issuers)) {
      const status = this.#judge(evidence, certificate, issuers, at, madeAfter)
      if (status.kind === 'revoked') throw revoked(status.at)
      if (status.kind === 'good') return evidence
    }
    throw this.#unavailable('no revocation data')
  }

  #judge(
    { kind, der }: Evidence,
    certificate: Certificate,
    [issuer, ...above]: readonly Certificate[],
    at: Date,
    madeAfter: boolean,
  ) {
    if (!issuer) return { kind: 'unknown' } as const
    const now = this.#settings.clock()
    return checkRevocation({
      path: [certificate.der, issuer.der, ...above.map(each => each.der)],
      intermediates: [...this.#certificates.values()].map(each => each.der),
      [kind]: [der],
      at,
      now: newestBelievable(now),
      ...(madeAfter ? { maximumAge: 0 } : {}),
      acceptsAlgorithm: (use, signed) =>
        isReliable(use, this.#existedAt(signed) ?? now, this.#settings.trust.algorithms),
    })
  }

  /** From the best to the least: what was made after the time in question says most, then what is small, then what is at hand. */
  async *#candidates(
    certificate: Certificate,
    [issuer]: readonly Certificate[],
  ): AsyncGenerator<{ readonly evidence: Evidence; readonly madeAfter: boolean }> {
    const { trust, store } = this.#settings
    const answers = [...store.ocsp, ...(trust.ocsp ?? [])].map(der => ({ kind: 'ocsp', der }) as const)
    const lists = [...store.crls, ...(trust.crls ?? [])].map(der => ({ kind: 'crls', der }) as const)
    const isSmall = ({ der }: Evidence) => der.length <= LARGE_LIST_BYTES || store.crls.includes(der)
    for (const evidence of [...answers, ...lists.filter(isSmall)]) yield { evidence, madeAfter: true }
    if (issuer)
      for await (const der of this.#remote.answers(certificate, issuer))
        yield { evidence: { kind: 'ocsp', der }, madeAfter: false }
    for (const evidence of [...answers, ...lists]) yield { evidence, madeAfter: false }
    for await (const der of this.#remote.lists(certificate)) yield { evidence: { kind: 'crls', der }, madeAfter: false }
  }

  #unavailable(reason: string): SigningError {
    return new SigningError('validation-data-unavailable', { reason }, { cause: this.#remote.lastFault ?? undefined })
  }
}

function revoked(at: Date | null): SigningError {
  return new SigningError('certificate-revoked', at ? { date: at.toISOString().slice(0, 10) } : {})
}
