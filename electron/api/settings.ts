import { requireRealAdministrator } from './administrator.ts'
import {
  changeDeskSettingsSchema,
  changeOfficeSettingsSchema,
  type DeskSettingsItem,
  type OfficeSettings,
  type ServiceState,
  type UpdateNews,
  updateFeedSchema,
} from './contract/settings.ts'
import { given } from './given.ts'
import { personProcedure, router } from './procedures.ts'

/** The office's settings, and those of this PC. */
export const settingsRouter = router({
  office: personProcedure.query(
    ({ ctx: { desk, actor } }): Promise<OfficeSettings> => desk.office.people.settings(actor),
  ),
  changeOffice: personProcedure
    .input(changeOfficeSettingsSchema)
    .mutation(
      ({ ctx: { desk, actor }, input }): Promise<OfficeSettings> =>
        desk.office.people.changeSettings(actor, given(input)),
    ),
  desk: personProcedure.query(({ ctx: { host } }): DeskSettingsItem => host.deskSettings()),
  changeDesk: personProcedure.input(changeDeskSettingsSchema).mutation(async ({ ctx, input }) => {
    await requireRealAdministrator(ctx.host, ctx.desk, ctx.actor)
    await ctx.session.token.release()
    await ctx.host.changeDeskSettings(given(input))
  }),
  services: personProcedure.query(({ ctx: { host } }): Promise<readonly ServiceState[]> => host.services()),
  updateFeed: personProcedure.query(({ ctx: { host } }) => ({
    feed: host.updates.feed(),
    possible: host.updates.possible,
  })),
  changeUpdateFeed: personProcedure.input(updateFeedSchema).mutation(async ({ ctx, input }) => {
    await requireRealAdministrator(ctx.host, ctx.desk, ctx.actor)
    await ctx.host.updates.follow(input.feed)
  }),
  lookForUpdate: personProcedure.mutation(({ ctx: { host } }): Promise<UpdateNews> => host.updates.look()),
})
