import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ManagedToken } from '../../electron/api/contract/tokens.ts'
import { useDesk } from './desk.tsx'
import { keys } from './keys.ts'
import { useSecret } from './use-secret.ts'

/** How soon a token that is plugged in or pulled out is seen. */
const LOOK_EVERY_MILLISECONDS = 5000

/** What is plugged in. @param watch looks again by itself */
export function useTokenOverview(watch: boolean) {
  const desk = useDesk()
  const anew = useRef(false)
  const query = useQuery({
    queryKey: keys.tokenOverview,
    queryFn: () => {
      const input = { anew: anew.current }
      anew.current = false
      return desk.tokens.overview.query(input)
    },
    refetchInterval: watch ? LOOK_EVERY_MILLISECONDS : false,
    staleTime: 0,
    gcTime: 0,
  })
  /** Starts the drivers again: some see a new reader only then. */
  const lookAnew = () => {
    anew.current = true
    return query.refetch()
  }
  return { query, lookAnew }
}

export interface PinChange {
  /** Null: both are typed on the reader. */
  readonly pin: string | null
  readonly newPin: string | null
  readonly lastTryConfirmed: boolean
}

/** Changes a token's PIN. */
export function useChangePin({ module, slotId, serialNumber }: ManagedToken) {
  const desk = useDesk()
  const client = useQueryClient()
  return useSecret((change: PinChange) => desk.tokens.changePin.query({ module, slotId, serialNumber, ...change }), {
    // Right or wrong, the token's own count may have changed.
    onSettled: () => client.invalidateQueries({ queryKey: keys.tokenOverview }),
  })
}
