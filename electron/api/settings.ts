import { requireRealAdministrator } from './administrator.ts'
import type { ApiHost } from './context.ts'
import {
  changeDeskSettingsSchema,
  changeOfficeSettingsSchema,
  type DeskSettingsItem,
  type OfficeSettings,
  type ServiceState,
  type TokenModuleItem,
  type UpdateNews,
  updateFeedSchema,
} from './contract/settings.ts'
import { given } from './given.ts'
import { personProcedure, router } from './procedures.ts'

const moduleItem = (host: ApiHost, path: string, isSet: boolean): TokenModuleItem => ({
  id: host.paths.offer('token-module', path),
  path,
  isSet,
})

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
    const { tokenModules, ...rest } = given(input)
    const modules = tokenModules?.map(id => ctx.host.paths.path('token-module', id))
    await ctx.host.changeDeskSettings({ ...rest, ...(modules ? { tokenModules: modules } : {}) })
  }),
  /** Those that can be set, and those that are. */
  tokenModules: personProcedure.query(({ ctx: { host, desk } }): readonly TokenModuleItem[] => {
    const set = host.deskSettings().tokenModules
    return [...new Set([...desk.tokens.found(), ...set])].map(path => moduleItem(host, path, set.includes(path)))
  }),
  /** Another one, named by the person alone: loading a file runs it. Null: none was chosen. A query by name only: nothing changes yet. */
  chooseTokenModule: personProcedure.query(async ({ ctx: { host, desk, actor } }): Promise<TokenModuleItem | null> => {
    await requireRealAdministrator(host, desk, actor)
    const path = await host.choosePath('token-module')
    return path === null ? null : moduleItem(host, path, false)
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
