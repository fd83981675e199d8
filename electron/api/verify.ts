import { explain } from '../messages.ts'
import { uploadIdSchema } from './contract/uploads.ts'
import type { VerificationItem } from './contract/verify.ts'
import { signatureItem } from './items.ts'
import { personProcedure, router } from './procedures.ts'

/** Judges any signed PDF that is dropped into the window. */
export const verifyRouter = router({
  file: personProcedure
    .input(uploadIdSchema)
    .query(async ({ ctx: { host, session }, input }): Promise<VerificationItem> => {
      const { path, name } = await session.uploads.file(input.uploadId)
      try {
        const report = await host.verify(path)
        return {
          fileName: name,
          valid: report.valid,
          signatures: report.signatures.map(verdict =>
            signatureItem(verdict, message => explain(message, host.language()).what),
          ),
        }
      } finally {
        await session.uploads.drop(input.uploadId)
      }
    }),
})
