import { SigningError } from '../errors.ts'
import { checkRevocation } from '../path/index.ts'
import type { ValidationData } from '../pdf/security-store.ts'
import type { Certificate } from '../types.ts'
import { isReliable } from './algorithm-rules.ts'
import {
  type CertificateQuestion,
  type ExistedAt,
  existedFor,
  type PathVerdict,
  type TrustSettings,
  validatePath,
} from './chain.ts'
import { highestKnown, MAXIMUM_FETCHED_ISSUERS, type RemoteData } from './remote-data.ts'

/** A certificate that the strict reader of paths cannot read has none. */
function judged(...question: Parameters<typeof validatePath>): Pick<PathVerdict, 'path' | 'problem'> {
  try {
    return validatePath(...question)
  } catch (error) {
    if (error instanceof SigningError && error.code === 'certificate-unreadable')
      return { path: [], problem: 'issuer-not-authority' }
    throw error
  }
}

export interface WhatIsKnown {
  /** With what the file itself holds. */
  readonly trust: TrustSettings
  /** Since when what the file holds is proven to exist. */
  readonly existedAt: ExistedAt
  /** Newest time that lists and answers may bear. */
  readonly now: Date
}

/**
 * Asks the addresses in certificates for what is not at hand: issuers where no path leads to an anchor, then OCSP answers and, where these do
 * not settle it, lists for each certificate of a path whose status is unknown. What is had is as untrusted as what a file brings: the path is
 * judged by the same rules. Nothing is asked about certificates that no trusted authority has issued.
 */
export async function fetchMissing(
  questions: readonly CertificateQuestion[],
  { trust, existedAt, now }: WhatIsKnown,
  remote: RemoteData,
): Promise<ValidationData> {
  const certificates = new Map<string, Certificate>()
  const ocsp: Uint8Array[] = []
  const crls: Uint8Array[] = []

  async function pathOf(question: CertificateQuestion): Promise<readonly Certificate[]> {
    const { certificate, embedded, at } = question
    const existed = existedFor(question, existedAt)
    for (let fetches = 0; ; fetches++) {
      const known = [...embedded, ...certificates.values()]
      const { path, problem } = judged(certificate, known, trust, at, now, existed)
      if (problem === null) return path
      if (problem !== 'no-chain' || fetches >= MAXIMUM_FETCHED_ISSUERS) return []
      const before = certificates.size
      for await (const issuer of remote.issuers(
        highestKnown(certificate, [...known, ...(trust.intermediates ?? [])]),
      )) {
        certificates.set(issuer.sha256, issuer)
        if (certificates.size > before) break
      }
      if (certificates.size === before) return []
    }
  }

  function isUnknown(path: readonly [Certificate, Certificate, ...Certificate[]], at: Date): boolean {
    const [certificate, issuer, ...above] = path
    const status = checkRevocation({
      path: [certificate.der, issuer.der, ...above.map(({ der }) => der)],
      intermediates: [...certificates.values(), ...(trust.intermediates ?? [])].map(({ der }) => der),
      crls: [...(trust.crls ?? []), ...crls],
      ocsp: [...(trust.ocsp ?? []), ...ocsp],
      at,
      now,
      acceptsAlgorithm: (use, signed) => isReliable(use, existedAt(signed) ?? now, trust.algorithms),
    })
    return status.kind === 'unknown'
  }

  for (const question of questions) {
    const path = await pathOf(question)
    for (const [index, certificate] of path.entries()) {
      const [issuer, ...above] = path.slice(index + 1)
      const unknown = () => issuer !== undefined && isUnknown([certificate, issuer, ...above], question.at)
      if (!issuer || !unknown()) continue
      for await (const answer of remote.answers(certificate, issuer)) {
        ocsp.push(answer)
        if (!unknown()) break
      }
      if (!unknown()) continue
      for await (const list of remote.lists(certificate)) {
        crls.push(list)
        if (!unknown()) break
      }
    }
  }
  return { certificates: [...certificates.values()].map(({ der }) => der), ocsp, crls }
}
