import type { CertificateQuestion } from '../trust/chain.ts'
import type { ExaminedSignature, SignatureFacts } from './facts.ts'

/** Whose signature it is. */
export function signerQuestion({ signer, embedded }: ExaminedSignature, at: Date): CertificateQuestion | null {
  const certificate = signer?.certificate?.certificate
  return certificate ? { certificate, embedded, at, named: signer?.signingCertificateMatches === true } : null
}

/** Whose time-stamp it is; only where the time-stamp itself is in order. */
export function stampQuestion({ timestamp }: ExaminedSignature, at: Date): CertificateQuestion | null {
  const certificate = timestamp?.certificate?.certificate
  return certificate && timestamp?.problem === null
    ? { certificate, embedded: timestamp.embedded, at, named: true }
    : null
}

/** The certificates that a signature and its time-stamp rest on, at the times that count for them. */
export function questionsOf(
  facts: ExaminedSignature & Pick<SignatureFacts, 'provenTime' | 'timestampJudgedAt'>,
  now: Date,
): readonly CertificateQuestion[] {
  const asked = [signerQuestion(facts, facts.provenTime ?? now), stampQuestion(facts, facts.timestampJudgedAt)]
  return asked.filter(question => question !== null)
}
