import { OfficeError } from '../office/errors.ts'
import type { Actor } from '../office/types.ts'
import type { ApiDesk } from './context.ts'

/** This PC's settings lie outside the office service, so their one rule stands here. @throws OfficeError role-missing */
export async function requireAdministrator(desk: ApiDesk, actor: Actor): Promise<void> {
  const person = (await desk.people()).find(each => each.id === actor.personId)
  if (!person?.active || !person.roles.includes('admin')) throw new OfficeError('role-missing', { roles: 'admin' })
}
