import { explain } from '../messages.ts'
import type { ArchiveOutcome } from './contract/archive.ts'
import { personProcedure, router } from './procedures.ts'

/** Copies in one go: each asks the time-stamp authority, so the answer comes before anybody thinks that nothing happens. */
const AT_ONCE = 10

/** The office's long-term files. */
export const archiveRouter = router({
  /** How many copies are to be archived or renewed now. */
  due: personProcedure.query(async ({ ctx: { desk, actor } }): Promise<number> => {
    return (await desk.office.archive.due(actor)).length
  }),

  /** Archives or renews the next of them; the first that fails ends the round, as the next would meet the same. */
  renew: personProcedure.mutation(async ({ ctx: { desk, actor, host } }): Promise<ArchiveOutcome> => {
    const due = await desk.office.archive.due(actor)
    let renewed = 0
    for (const copyId of due.slice(0, AT_ONCE)) {
      try {
        await desk.office.archive.renew(actor, copyId)
        renewed++
      } catch (error) {
        return { renewed, left: due.length - renewed, fault: explain(error, host.language()) }
      }
    }
    return { renewed, left: due.length - renewed, fault: null }
  }),
})
