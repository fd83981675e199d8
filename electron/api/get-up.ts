import type { ApiSession } from './context.ts'

/** Nobody works at the window any more: what is under way ends in order, a token that is held is let go, files that were brought are gone. */
export async function getUp(session: ApiSession): Promise<void> {
  session.jobs.cancelAll()
  session.actor = null
  await session.token.release()
  await session.uploads.dropAll()
}
