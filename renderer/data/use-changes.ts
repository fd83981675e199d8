import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useDesk } from './desk.tsx'
import { invalidate } from './keys.ts'

/** Follows what others, or the program itself, change, so that no list stays old. */
export function useChanges(): void {
  const desk = useDesk()
  const client = useQueryClient()
  useEffect(() => {
    const following = desk.session.changes.subscribe(undefined, {
      onData: change => invalidate(client, change.subject),
    })
    return () => following.unsubscribe()
  }, [desk, client])
}
