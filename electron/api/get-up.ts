import type { ApiSession } from './context.ts'

/** Nobody works at the window any more: what is under way ends in order, and a token that is held is let go. */
export async function getUp(session: ApiSession): Promise<void> {
  session.jobs.cancelAll()
  session.actor = null
  await session.token.release()
}
