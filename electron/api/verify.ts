import type { VerificationReport } from '../../native-signing/types.ts'
import { explain } from '../messages.ts'
import type { CopyVerdict } from '../office/verification/judge-copy.ts'
import { type VerificationItem, verifyFileSchema } from './contract/verify.ts'
import { signatureItem } from './items.ts'
import { personProcedure, router } from './procedures.ts'

/** The verdict in one word. A copy whose page says another number than its data is not valid, whoever signed it. */
function verdictOf({ valid, signatures }: VerificationReport, copy: CopyVerdict | null): VerificationItem['verdict'] {
  if (signatures.length === 0) return 'unsigned'
  if (copy?.statementMatches === false) return 'not-valid'
  if (signatures.some(({ indication }) => indication === 'TOTAL-FAILED')) return 'not-valid'
  return valid && copy?.good !== false ? 'valid' : 'uncertain'
}

/** Judges any signed PDF that is dropped into the window. */
export const verifyRouter = router({
  file: personProcedure
    .input(verifyFileSchema)
    .query(async ({ ctx: { host, session }, input: { uploadId, password } }): Promise<VerificationItem> => {
      const sentence = (message: { readonly code: string }) => explain(message, host.language()).what
      try {
        const { path, name } = await session.uploads.file(uploadId)
        const { report, copy } = await session.jobs.once(uploadId, signal =>
          host.verify({ path, password }, { signal }),
        )
        return {
          fileName: name,
          verdict: verdictOf(report, copy),
          valid: report.valid && copy?.statementMatches !== false,
          copy: copy && {
            number: copy.number,
            book: copy.book,
            date: copy.date,
            good: copy.good,
            problems: copy.problems.map(code => sentence({ code })),
          },
          signatures: report.signatures.map(verdict => signatureItem(verdict, sentence)),
        }
      } finally {
        await session.uploads.drop(uploadId)
      }
    }),
})
