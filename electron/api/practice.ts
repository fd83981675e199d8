import { layPaperSchema, type PracticeState } from './contract/practice.ts'
import type { ScanNews } from './contract/scanning.ts'
import { ApiError } from './errors.ts'
import { anyProcedure, personProcedure, router } from './procedures.ts'
import { takePages } from './taking-pages.ts'

/** The practice office, where the whole job can be learned with invented people, papers and soft tokens. */
export const practiceRouter = router({
  /** "Dùng thử": from the first start into the practice office. */
  start: anyProcedure.mutation(({ ctx }) => ctx.host.startPractice()),

  /** Null in a real office. */
  state: anyProcedure.query(
    async ({ ctx }): Promise<PracticeState | null> => (await ctx.host.practice()?.state()) ?? null,
  ),

  layPaper: personProcedure.input(layPaperSchema).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<ScanNews> {
    const practice = ctx.host.practice()
    if (!practice) throw new ApiError('practice-only')
    const folder = ctx.desk.incomingFolder(input.copy.id)
    yield* ctx.session.jobs.run(input.jobId, signal, stop =>
      takePages(ctx, input.copy, { kind: 'append' }, practice.lay(input.paperId, folder, stop)),
    )
  }),
})
