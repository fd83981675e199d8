import { useEffect, useState } from 'react'
import type { WorkWaiting } from '../../electron/api/contract/session.ts'
import { useDesk } from './desk.tsx'

/** How many copies wait for the person who works here, and which have just come. */
export function useWork(personId: string): WorkWaiting {
  const desk = useDesk()
  const [work, setWork] = useState<WorkWaiting>({ waiting: 0, arrived: [] })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person has other work, so the following begins anew
  useEffect(() => {
    const following = desk.session.work.subscribe(undefined, { onData: setWork })
    return () => following.unsubscribe()
  }, [desk, personId])
  return work
}
