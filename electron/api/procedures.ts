import { initTRPC } from '@trpc/server'
import { explain } from '../messages.ts'
import type { ApiContext } from './context.ts'
import type { ErrorNotice } from './contract/common.ts'
import type { Change } from './contract/session.ts'
import { ApiError } from './errors.ts'

const t = initTRPC.context<ApiContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    // A call that no procedure or schema accepts is the screen's fault; whatever a procedure throws keeps its own words.
    const thrown = error.code === 'INTERNAL_SERVER_ERROR' ? error.cause : new ApiError('call-refused')
    const notice: ErrorNotice = explain(thrown, ctx?.host.language() ?? 'vi')
    return { ...shape, message: notice.code, data: { code: shape.data.code, path: shape.data.path, notice } }
  },
})

export const { router } = t

const subjects: Readonly<Record<string, Change['subject']>> = {
  people: 'people',
  register: 'register',
  archive: 'register',
  journal: 'register',
  settings: 'settings',
  backup: 'settings',
  clock: 'settings',
  session: 'session',
  practice: 'session',
}

/** Calls that work without an open office: first start, language, practice. After each change every window is told. */
export const anyProcedure = t.procedure.use(async ({ ctx, next, type, path }) => {
  const result = await next()
  if (type === 'mutation' && result.ok) {
    ctx.host.changes.tell({ subject: subjects[path.split('.')[0] ?? ''] ?? 'copies' })
  }
  return result
})

/** Calls that need an open office. @throws ApiError no-office-open */
export const deskProcedure = anyProcedure.use(({ ctx, next }) => {
  const desk = ctx.host.desk()
  if (!desk) throw new ApiError('no-office-open')
  return next({ ctx: { ...ctx, desk } })
})

/** Calls of a person at work; what the person may do is the office's to judge. @throws ApiError nobody-at-work */
export const personProcedure = deskProcedure.use(({ ctx, next }) => {
  const { actor } = ctx.session
  if (!actor || actor.officeId !== ctx.desk.officeId) throw new ApiError('nobody-at-work')
  return next({ ctx: { ...ctx, actor } })
})
