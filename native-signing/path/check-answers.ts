import { createHash } from 'node:crypto'
import { sameBytes } from '../der/reader.ts'
import { type PathCertificate, PROCESSED_CERTIFICATE_EXTENSIONS } from './certificate.ts'
import { checkLists } from './check-lists.ts'
import { EXTENSION, KEY_USAGE, unknownCritical } from './extensions.ts'
import type { CertificateIdentifier, OcspResponse, SingleResponse } from './ocsp-response.ts'
import {
  freshness,
  isReliable,
  type RevocationContext,
  type RevocationSubject,
  revocationAt,
  signerTime,
} from './revocation.ts'
import type { WorkingKey } from './signature.ts'
import type { Authority } from './trust-anchor.ts'
import type { RevocationStatus } from './types.ts'

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/**
 * What OCSP answers say of a certificate (RFC 6960 §3.2, §4.2.2).
 * @throws WorkLimitExceeded
 */
export function checkAnswers(
  subject: RevocationSubject,
  context: RevocationContext,
  pending: ReadonlySet<string>,
): RevocationStatus {
  const [issuer] = subject.above
  if (!issuer) return { kind: 'unknown' }
  let status: RevocationStatus = { kind: 'unknown' }
  for (const answer of context.answers) {
    const singles = answer.responses.filter(single => isAbout(single.identifier, subject.certificate, issuer))
    if (singles.length === 0 || !isUsable(answer, context)) continue
    context.budget.spend()
    const reliable = isSignedByResponder(answer, subject, issuer, context, pending)
    if (reliable === null) continue
    const statuses = singles.map(single => statusOf(single, answer, subject.certificate, reliable, context))
    const revoked = statuses.find(({ kind }) => kind === 'revoked')
    if (revoked) return revoked
    // an answer that says two things of one certificate says nothing
    if (statuses.every(({ kind }) => kind === 'good')) status = { kind: 'good' }
  }
  return status
}

function hashIs(algorithm: string, hash: Uint8Array, ...inputs: readonly Uint8Array[]): boolean {
  const name = HASHES[algorithm]
  return name !== undefined && inputs.some(input => sameBytes(createHash(name).update(input).digest(), hash))
}

/** §4.1.1. The issuer's name may be encoded in two ways: as its own certificate has it, or as those it issues do. */
function isAbout(identifier: CertificateIdentifier, certificate: PathCertificate, issuer: Authority): boolean {
  return (
    identifier.serialKey === certificate.serialKey &&
    hashIs(identifier.hashAlgorithm, identifier.issuerNameHash, certificate.issuer.der, issuer.name.der) &&
    hashIs(identifier.hashAlgorithm, identifier.issuerKeyHash, issuer.key.keyBytes)
  )
}

function isUsable(answer: OcspResponse, { settings }: RevocationContext): boolean {
  const { at, now = at, ocspNonce } = settings
  const isOurs = !ocspNonce || !answer.nonce || sameBytes(answer.nonce, ocspNonce)
  return isOurs && !answer.beyondUnderstanding && (answer.producedAt <= now || answer.producedAt <= at)
}

/** The status at the time of validation, as far as this answer can give it. */
function statusOf(
  single: SingleResponse,
  { producedAt }: OcspResponse,
  certificate: PathCertificate,
  reliable: boolean,
  { settings }: RevocationContext,
): RevocationStatus {
  const unknown: RevocationStatus = { kind: 'unknown' }
  const age = freshness(settings, single.thisUpdate, single.nextUpdate)
  if (single.beyondUnderstanding || age === 'future') return unknown
  const speaksFor = age === 'fresh' && reliable
  if (single.status === 'revoked' && single.revokedAt) {
    const revoked = revocationAt(
      settings,
      { revokedAt: single.revokedAt, reason: single.reason },
      single.thisUpdate,
      speaksFor,
    )
    // revoked after the time in question: good at that time
    return revoked ?? (speaksFor ? { kind: 'good' } : unknown)
  }
  // responders may forget expired certificates, unless they say how far back they remember (§4.4.4)
  const remembered = single.archiveCutoff !== null && single.archiveCutoff <= certificate.notAfter
  const knows = producedAt >= certificate.notBefore && (producedAt <= certificate.notAfter || remembered)
  return single.status === 'good' && speaksFor && knows ? { kind: 'good' } : unknown
}

function isMeant({ responder }: OcspResponse, nameKey: string, key: WorkingKey): boolean {
  return responder.by === 'name'
    ? responder.name.key === nameKey
    : sameBytes(createHash('sha1').update(key.keyBytes).digest(), responder.hash)
}

/** §4.2.2.2: signed by the issuer itself, or by a responder to whom the issuer's own key has given the right; and whether that is relied on. */
function isSignedByResponder(
  answer: OcspResponse,
  subject: RevocationSubject,
  issuer: Authority,
  context: RevocationContext,
  pending: ReadonlySet<string>,
): boolean | null {
  const { signatures, pool, settings } = context
  const byIssuer = isMeant(answer, issuer.name.key, issuer.key)
    ? isReliable(signatures.check(answer, issuer.key))
    : null
  if (byIssuer !== null) return byIssuer
  const time = signerTime(settings, answer.producedAt)
  const others =
    answer.responder.by === 'name' ? (pool.get(answer.responder.name.key) ?? []) : [...pool.values()].flat()
  let best: boolean | null = null
  for (const responder of [...answer.certificates, ...others]) {
    const key = signatures.keyOf(responder.publicKeyInfo, issuer.key)
    if (!isMeant(answer, responder.subject.key, key) || !isDelegate(responder, time)) continue
    if (responder.issuer.key !== issuer.name.key) continue
    const appointed = isReliable(signatures.check(responder, issuer.key))
    const answered = appointed === null ? null : isReliable(signatures.check(answer, key))
    if (answered === null || isRevoked(responder, subject, context, pending)) continue
    if (appointed && answered) return true
    best = false
  }
  return best
}

function isDelegate(responder: PathCertificate, at: Date): boolean {
  const { keyUsage, extendedKeyUsage } = responder
  const maySign = !keyUsage || keyUsage.has(KEY_USAGE.digitalSignature) || keyUsage.has(KEY_USAGE.nonRepudiation)
  return (
    maySign &&
    extendedKeyUsage?.includes(OCSP_SIGNING) === true &&
    responder.notBefore <= at &&
    at <= responder.notAfter &&
    unknownCritical(responder.extensions, PROCESSED_CERTIFICATE_EXTENSIONS) === null
  )
}

/** §4.2.2.2.1: unless the issuer vouches for the responder's whole life, lists are asked; without any, the responder is believed. */
function isRevoked(
  responder: PathCertificate,
  { above, anchor }: RevocationSubject,
  context: RevocationContext,
  pending: ReadonlySet<string>,
): boolean {
  if (responder.extensions.has(EXTENSION.ocspNoCheck) || pending.has(responder.sha256)) return false
  return checkLists({ certificate: responder, above, anchor }, context, pending).kind === 'revoked'
}
