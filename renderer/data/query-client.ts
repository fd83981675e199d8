import { QueryClient } from '@tanstack/react-query'

/**
 * The office is in this PC or near: no retry hides a fault, changes are told, so nothing is asked again by itself, and whether this PC has a
 * network is no matter: what waits for one would stand still, a typed PIN with it.
 */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: false, staleTime: 10_000 },
      mutations: { networkMode: 'always', retry: false },
    },
  })
