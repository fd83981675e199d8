import { acceptClockSchema, type ClockItem } from './contract/clock.ts'
import type { Time } from './contract/common.ts'
import { personProcedure, router } from './procedures.ts'

/** The PC's clock, and the way on where it disagrees with what the office has seen. */
export const clockRouter = router({
  state: personProcedure.query(async ({ ctx: { desk, actor } }): Promise<ClockItem> => {
    const { now, verdict, last, witness, aheadSeconds } = await desk.office.audit.clock(actor)
    const newest = witness && witness > last ? witness : last
    return { now: now.toISOString(), verdict, last: newest.toISOString(), aheadSeconds }
  }),
  /** What time it is by the time-stamp service; null where there is none, or none that answers within seconds. */
  authority: personProcedure.query(
    async ({ ctx: { desk, actor } }): Promise<Time | null> =>
      (await desk.office.audit.authorityTime(actor))?.toISOString() ?? null,
  ),
  accept: personProcedure
    .input(acceptClockSchema)
    .mutation(({ ctx: { desk, actor }, input }) => desk.office.audit.acceptClock(actor, input.reason)),
})
