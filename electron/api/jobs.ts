import { cancelJobSchema } from './contract/jobs.ts'
import { anyProcedure, router } from './procedures.ts'

/** Long work under way in this window. */
export const jobsRouter = router({
  /** Ends a job in order: its subscription still tells what became of the rest. */
  cancel: anyProcedure.input(cancelJobSchema).query(({ ctx, input }) => ({
    running: ctx.session.jobs.cancel(input.jobId),
  })),
})
