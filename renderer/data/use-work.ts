import { useEffect, useState } from 'react'
import type { WorkWaiting } from '../../electron/api/contract/session.ts'
import { useDesk } from './desk.tsx'

/** How many copies wait for the person who works here, and which have just come; another person's page begins anew. */
export function useWork(): WorkWaiting {
  const desk = useDesk()
  const [work, setWork] = useState<WorkWaiting>({ waiting: 0, arrived: [] })
  useEffect(() => {
    const following = desk.session.work.subscribe(undefined, { onData: setWork })
    return () => following.unsubscribe()
  }, [desk])
  return work
}
