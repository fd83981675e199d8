import { explain } from '../messages.ts'
import { requireRealAdministrator } from './administrator.ts'
import type { BackupCheck, BackupState } from './contract/backup.ts'
import { anyProcedure, personProcedure, router } from './procedures.ts'

/** After so long without a good backup everybody at the office is told. */
const OVERDUE_MS = 3 * 24 * 60 * 60 * 1000

/** Only the administrator of a real office changes where its data goes, and reads what lies there. */
const administratorProcedure = personProcedure.use(async ({ ctx, next }) => {
  await requireRealAdministrator(ctx.host, ctx.desk, ctx.actor)
  return next()
})

/** The office's data in a second place. Its path is never named by the page: main asks for it in a dialog of the system. */
export const backupRouter = router({
  state: personProcedure.query(async ({ ctx: { host } }): Promise<BackupState> => {
    const { place, sameDrive, lastGood, underWay, problem } = await host.backup.state()
    const old = lastGood === null || host.clock().getTime() - lastGood.getTime() > OVERDUE_MS
    return {
      ...{ place, sameDrive, underWay },
      lastGood: lastGood?.toISOString() ?? null,
      problem: problem === null ? null : explain(problem, host.language()),
      overdue: !host.practice() && (place === null || old),
    }
  }),
  /** Opens the system's dialog. Nothing changes where it is closed. @throws BackupError backup-place-wrong */
  choosePlace: administratorProcedure.mutation(async ({ ctx }) => {
    await ctx.session.token.release()
    await ctx.host.backup.choosePlace()
  }),
  /** From now on nothing is backed up by itself; what is there stays. */
  stop: administratorProcedure.mutation(async ({ ctx }) => {
    await ctx.session.token.release()
    await ctx.host.backup.stop()
  }),
  /** On a PC without an office: its data comes from a backup that main asks for. @throws ApiError office-already-there, BackupError */
  restore: anyProcedure.mutation(({ ctx: { host } }) => host.backup.restore()),
  /** @throws BackupError backup-not-set, backup-place-missing; StoreError; errors of the file system */
  now: administratorProcedure.mutation(({ ctx: { host } }) => host.backup.now()),
  /** @throws BackupError backup-not-set, backup-not-found, backup-damaged, backup-newer */
  verify: administratorProcedure.mutation(({ ctx: { host } }): Promise<BackupCheck> => host.backup.verify()),
})
