import { OfficeError } from '../office/errors.ts'
import type { Actor } from '../office/types.ts'
import type { ApiDesk, ApiHost } from './context.ts'
import { ApiError } from './errors.ts'

/** The program and this PC lie outside the office service, so their rules stand here. @throws OfficeError role-missing */
export async function requireAdministrator(desk: ApiDesk, actor: Actor): Promise<void> {
  const person = (await desk.people()).find(each => each.id === actor.personId)
  if (!person?.active || !person.roles.includes('admin')) throw new OfficeError('role-missing', { roles: 'admin' })
}

/**
 * For what stays on this PC beyond the practice office, where everybody may be administrator.
 * @throws ApiError not-in-practice, OfficeError role-missing
 */
export async function requireRealAdministrator(host: ApiHost, desk: ApiDesk, actor: Actor): Promise<void> {
  if (host.practice()) throw new ApiError('not-in-practice')
  await requireAdministrator(desk, actor)
}
