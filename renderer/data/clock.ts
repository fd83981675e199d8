import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

/** Nobody is told when a clock is set: it is looked at now and then. */
const LOOK_EVERY = 30_000

export function useClock() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.clock, queryFn: () => desk.clock.state.query(), refetchInterval: LOOK_EVERY })
}

/** Asks the time-stamp service each time; takes some seconds. */
export function useAuthorityTime() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.authorityTime, queryFn: () => desk.clock.authority.query(), staleTime: 0 })
}

export function useAcceptClock() {
  const desk = useDesk()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string | null) => desk.clock.accept.mutate({ reason }),
    onSettled: () => invalidate(client, 'settings'),
  })
}
