import type { AlgorithmUse } from '../path/signature.ts'
import { NO_VALIDATION_DATA, readSecurityStore, type ValidationData } from '../pdf/security-store.ts'
import { type AlgorithmRules, type AlgorithmVerdict, isReliable, judgeAlgorithm } from '../trust/algorithm-rules.ts'
import { readCertificate } from '../trust/certificate.ts'
import {
  type CertificateQuestion,
  existedFor,
  type PathVerdict,
  type TrustSettings,
  validatePath,
} from '../trust/chain.ts'
import { newestBelievable } from '../trust/clock.ts'
import { type ExistenceProof, existenceIn } from './existence.ts'
import { type ExaminedSignature, readable, type SignatureFacts } from './facts.ts'
import { signerQuestion, stampQuestion } from './questions.ts'

type TimeFacts = Pick<
  SignatureFacts,
  'timestampPath' | 'timestampJudgedAt' | 'path' | 'provenTime' | 'weakAlgorithm' | 'stamped' | 'archived'
>

interface Proof extends ExistenceProof {
  readonly signature: ExaminedSignature
  readonly judgedAt: Date
}

/** For a certificate that the strict reader of paths cannot read. */
const NO_PATH = { problem: 'no-chain', revokedAt: null, revocationUnknown: true } as const

/** The trust settings with what a store in the file, or somebody who was asked, knows added to them. */
export function withStore(trust: TrustSettings, store: ValidationData): TrustSettings {
  const certificates = store.certificates
    .map(der => readable(() => readCertificate(der)))
    .filter(certificate => certificate !== null)
  return {
    ...trust,
    intermediates: [...(trust.intermediates ?? []), ...certificates],
    crls: [...(trust.crls ?? []), ...store.crls],
    ocsp: [...(trust.ocsp ?? []), ...store.ocsp],
  }
}

const endOf = ({ located }: ExaminedSignature): number => located.revisionEnd
const isIntact = ({ located, timestamp }: ExaminedSignature): boolean =>
  located.structureProblem === null && timestamp?.problem === null

function earliest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

/**
 * Judges certificates at the times that time-stamps prove (ETSI EN 319 102-1 §5.5, §5.6): from the newest document time-stamp, which is judged
 * now, back to the signatures, each at the earliest time at which it is proven to have existed.
 * @param store validation data in the file
 * @param now time of verification
 */
export function proveTimes(
  signatures: readonly ExaminedSignature[],
  trust: TrustSettings,
  store: ValidationData,
  now: Date,
): ReadonlyMap<ExaminedSignature, TimeFacts> {
  const known = withStore(trust, store)
  const proofs: Proof[] = []
  const existedAt = existenceIn(proofs, signatures)
  const ask = (question: CertificateQuestion, settings = known): PathVerdict => {
    const { certificate, embedded, at } = question
    const existed = existedFor(question, existedAt)
    const verdict = readable(() => validatePath(certificate, embedded, settings, at, newestBelievable(now), existed))
    return verdict ?? { ...NO_PATH, path: [certificate] }
  }
  const found = new Map<ExaminedSignature, TimeFacts>()
  for (const signature of [...signatures].sort((one, other) => endOf(other) - endOf(one))) {
    const { located, signer, timestamp } = signature
    const covering = located.structureProblem ? [] : proofs.filter(proof => endOf(proof.signature) > endOf(signature))
    const first = covering.reduce<Proof | null>((best, proof) => (best && best.time <= proof.time ? best : proof), null)
    const judgedAt = earliest(first?.time ?? null, now) ?? now
    const stamp = stampQuestion(signature, judgedAt)
    const asked = stamp && ask(stamp)
    const reliable = timestamp?.algorithms.every(use => isReliable(use, judgedAt, trust.algorithms)) ?? true
    const timestampPath: PathVerdict | null = asked && !reliable ? { ...asked, problem: 'algorithm-too-weak' } : asked
    const ownTime = timestampPath?.problem === null ? (timestamp?.time ?? null) : null
    const base = { timestampPath, timestampJudgedAt: judgedAt }
    if (located.kind === 'document-timestamp') {
      const { revision } = located
      if (ownTime && revision && isIntact(signature)) proofs.push({ signature, revision, time: ownTime, judgedAt })
      found.set(signature, {
        ...base,
        path: timestampPath,
        provenTime: ownTime,
        weakAlgorithm: null,
        stamped: false,
        archived: 'none',
      })
      continue
    }
    const provenTime = earliest(ownTime, first?.time ?? null)
    const question = signerQuestion(signature, provenTime ?? now)
    const path = question ? ask(question) : null
    const needs = provenTime && question ? [{ proof: null, question }, ...proverOf(first, ownTime, stamp)] : []
    found.set(signature, {
      ...base,
      path,
      provenTime,
      weakAlgorithm: weakness(signer?.algorithm ?? null, provenTime ?? now, trust.algorithms),
      stamped: isIntact(signature) || signatures.some(other => isStampOver(other, signature)),
      archived: archiveState(needs, covering, store, trust, ask),
    })
  }
  return found
}

function weakness(use: AlgorithmUse | null, at: Date, rules: AlgorithmRules | undefined): AlgorithmVerdict | null {
  return use && !isReliable(use, at, rules) ? judgeAlgorithm(use, rules) : null
}

function isStampOver(stamp: ExaminedSignature, signature: ExaminedSignature): boolean {
  const { kind, structureProblem } = signature.located
  const intact = stamp.located.kind === 'document-timestamp' && isIntact(stamp)
  return intact && kind === 'signature' && structureProblem === null && endOf(stamp) > endOf(signature)
}

/** A certificate for which the file must hold everything; `proof` is the document time-stamp that it comes from. */
interface Need {
  readonly proof: Proof | null
  readonly question: CertificateQuestion
}

/** The authority whose time-stamp gives the signature its time: the signature's own, else the first document time-stamp after it. */
function proverOf(first: Proof | null, ownTime: Date | null, own: CertificateQuestion | null): readonly Need[] {
  if (ownTime && own) return [{ proof: null, question: own }]
  const question = first && stampQuestion(first.signature, first.judgedAt)
  return question ? [{ proof: first, question }] : []
}

function archiveState(
  needs: readonly Need[],
  covering: readonly Proof[],
  store: ValidationData,
  trust: TrustSettings,
  ask: (question: CertificateQuestion, settings: TrustSettings) => PathVerdict,
): SignatureFacts['archived'] {
  const holds = (data: ValidationData, questions: readonly Need[]): boolean => {
    if (data.ocsp.length + data.crls.length === 0) return false
    const { trustAnchors, algorithms } = trust
    const settings = withStore({ trustAnchors, ...(algorithms ? { algorithms } : {}) }, data)
    return questions.every(({ question }) => {
      const { problem, revocationUnknown } = ask(question, settings)
      return problem === null && !revocationUnknown
    })
  }
  const [signer] = needs
  if (!signer || !holds(store, [signer])) return 'none'
  // a time-stamp need not hold the data on its own authority: that is for the next one
  const archive = covering.find(proof => {
    const { revision } = proof.signature.located
    const others = needs.filter(need => need.proof !== proof)
    return holds(revision ? readSecurityStore(revision) : NO_VALIDATION_DATA, others)
  })
  if (archive) return 'time-stamped'
  return holds(store, needs) ? 'validation-data' : 'none'
}
