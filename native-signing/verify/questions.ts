import type { StatusQuestion } from '../trust/validation-data.ts'
import type { SignatureFacts } from './facts.ts'

/** The certificates that a signature and its time-stamp rest on, at the times that count for them. */
export function questionsOf(
  facts: Pick<SignatureFacts, 'signer' | 'timestamp' | 'embedded' | 'provenTime' | 'timestampJudgedAt'>,
  now: Date,
): readonly StatusQuestion[] {
  const { signer, timestamp, embedded, provenTime, timestampJudgedAt } = facts
  const questions: StatusQuestion[] = []
  if (signer?.certificate)
    questions.push({ certificate: signer.certificate.certificate, embedded, at: provenTime ?? now })
  if (timestamp?.certificate)
    questions.push({
      certificate: timestamp.certificate.certificate,
      embedded: timestamp.embedded,
      at: timestampJudgedAt,
    })
  return questions
}
