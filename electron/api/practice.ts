import { requireAdministrator } from './administrator.ts'
import type { ApiHost, ApiSession } from './context.ts'
import { layPaperSchema, type PracticeState } from './contract/practice.ts'
import type { ScanNews } from './contract/scanning.ts'
import { ApiError } from './errors.ts'
import { getUp } from './get-up.ts'
import { anyProcedure, personProcedure, router } from './procedures.ts'
import { takePages } from './taking-pages.ts'

/** Of the open office. @throws ApiError office-already-there, nobody-at-work, OfficeError role-missing */
async function requireAdministratorAtWork(host: ApiHost, { actor }: ApiSession): Promise<void> {
  const desk = host.desk()
  if (!desk) throw new ApiError('office-already-there')
  if (actor?.officeId !== desk.officeId) throw new ApiError('nobody-at-work')
  await requireAdministrator(desk, actor)
}

/** Nobody works at the window when the practice office opens. Where it does not, who was at work is so still, unless somebody has sat down meanwhile. */
async function enter(session: ApiSession, open: () => Promise<void>): Promise<void> {
  const { actor } = session
  await getUp(session)
  try {
    await open()
  } catch (error) {
    session.actor ??= actor
    throw error
  }
}

/** The practice office, where the whole job can be learned with invented people, papers and soft tokens. */
export const practiceRouter = router({
  /**
   * "Dùng thử": from the first start into the practice office. A PC that has an office is taken to it by that office's administrator alone.
   * @throws ApiError office-already-there, nobody-at-work, OfficeError role-missing
   */
  start: anyProcedure.mutation(async ({ ctx: { host, session } }) => {
    if (host.practice()) return
    if (await host.hasOffice()) await requireAdministratorAtWork(host, session)
    await enter(session, () => host.startPractice())
  }),

  /**
   * The practice office anew, as it was on the first day: for the next who learns, and where it cannot be opened any more.
   * @throws ApiError office-already-there, nobody-at-work, call-refused, OfficeError role-missing
   */
  renew: anyProcedure.mutation(async ({ ctx: { host, session } }) => {
    if (host.practice() || (await host.hasOffice())) await requireAdministratorAtWork(host, session)
    await enter(session, () => host.renewPractice())
  }),

  /** Back to this PC's own office, or to the first start where there is none. In a real office it does nothing. */
  leave: anyProcedure.mutation(async ({ ctx: { host, session } }) => {
    if (!host.practice()) return
    await getUp(session)
    await host.leavePractice()
  }),

  /** Null in a real office. */
  state: anyProcedure.query(async ({ ctx: { host } }): Promise<PracticeState | null> => {
    const state = await host.practice()?.state()
    return state ? { ...state, hasOffice: await host.hasOffice(), renewable: host.ownsPractice() } : null
  }),

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
