import { explain } from '../messages.ts'
import type { ArchiveFault, ArchiveOutcome } from './contract/archive.ts'
import { personProcedure, router } from './procedures.ts'

/** Copies in one go: each asks the time-stamp authority, so the answer comes before anybody thinks that nothing happens. */
const AT_ONCE = 10
/** Under this name it runs once in a window, and ends with the window's page. */
const JOB = 'archive'

/** The office's long-term files. */
export const archiveRouter = router({
  /** How many copies are to be archived or renewed now. */
  due: personProcedure.query(async ({ ctx: { desk, actor } }): Promise<number> => {
    return (await desk.office.archive.due(actor)).length
  }),

  /** Archives or renews the next of them; those that cannot be are told one by one. */
  renew: personProcedure.mutation(({ ctx: { desk, actor, host, session } }): Promise<ArchiveOutcome> => {
    return session.jobs.once(JOB, async signal => {
      const faults: ArchiveFault[] = []
      let renewed = 0
      for await (const step of desk.office.archive.renewDue(actor, signal)) {
        if (step.result === 'renewed') renewed++
        else {
          host.onFault('copy not archived', step.error)
          const { title, certification } = await desk.office.copies.read(actor, step.copyId)
          faults.push({
            ...{ copyId: step.copyId, title, number: certification?.number ?? null },
            error: explain(step.error, host.language()),
          })
        }
        if (renewed === AT_ONCE) break
      }
      return { renewed, left: (await desk.office.archive.due(actor)).length, faults }
    })
  }),
})
