import { uploadIdSchema, uploadPieceSchema } from './contract/uploads.ts'
import { personProcedure, router } from './procedures.ts'

/** Files dropped into the window, piece by piece. */
export const uploadsRouter = router({
  append: personProcedure.input(uploadPieceSchema).query(async ({ ctx, input }) => ({
    received: await ctx.session.uploads.append(
      input.uploadId,
      input.name,
      input.offset,
      Buffer.from(input.bytes, 'base64'),
    ),
  })),

  drop: personProcedure.input(uploadIdSchema).query(({ ctx, input }) => ctx.session.uploads.drop(input.uploadId)),
})
