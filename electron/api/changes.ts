import type { Change } from './contract/session.ts'

/** Tells every window what has changed. */
export interface ChangeFeed {
  tell(change: Change): void
  /** Changes from now on, until the signal aborts. Changes of the same subject that nobody has read yet are told once. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<Change>
}

export function createChangeFeed(): ChangeFeed {
  const followers = new Set<(change: Change) => void>()
  return {
    tell: change => {
      for (const follower of followers) follower(change)
    },
    async *follow(signal) {
      const unread = new Map<Change['subject'], Change>()
      let wake: () => void = () => {}
      const hear = (change: Change) => {
        unread.set(change.subject, change)
        wake()
      }
      const end = () => wake()
      followers.add(hear)
      signal?.addEventListener('abort', end)
      try {
        while (!signal?.aborted) {
          const changes = [...unread.values()]
          unread.clear()
          yield* changes
          if (unread.size > 0 || signal?.aborted) continue
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      } finally {
        followers.delete(hear)
        signal?.removeEventListener('abort', end)
      }
    },
  }
}
