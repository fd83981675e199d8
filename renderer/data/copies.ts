import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

export type CopyState = CopyItem['state']
export type RefusalGround = 1 | 2 | 3 | 4 | 5 | 6
interface Ref {
  readonly id: string
  readonly version: number
}

/** Only these two cross: the schema takes nothing else. */
export const refOf = ({ id, version }: Ref): Ref => ({ id, version })

/** What waits for the person who works here, oldest deadline first. */
export function useQueue() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.queue, queryFn: () => desk.copies.queue.query() })
}

export function useCopies(states: readonly CopyState[], search = '', enabled = true) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.copies(states, search),
    queryFn: () => desk.copies.list.query({ ...(states.length > 0 ? { states: [...states] } : {}), search }),
    placeholderData: keepPreviousData,
    enabled,
  })
}

export function useCopy(copyId: string) {
  const desk = useDesk()
  return useQuery({ queryKey: keys.copy(copyId), queryFn: () => desk.copies.read.query({ copyId }) })
}

/** The statement as it will stand on the last page. */
export function useStatement(copyId: string) {
  const desk = useDesk()
  return useQuery({ queryKey: keys.statement(copyId), queryFn: () => desk.copies.statement.query({ copyId }) })
}

export function useRequest(requestId: string | null) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.request(requestId ?? ''),
    queryFn: () => desk.requests.read.query({ requestId: requestId ?? '' }),
    enabled: requestId !== null,
  })
}

export function useRefusalGrounds() {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.refusalGrounds,
    queryFn: () => desk.copies.refusalGrounds.query(),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useRefusalNotice(copyId: string, enabled: boolean) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.refusalNotice(copyId),
    queryFn: () => desk.copies.refusalNotice.query({ copyId }),
    enabled,
  })
}

/** The decisions on one copy. */
export function useCopyActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSettled = () => invalidate(client, 'copies')
  return {
    submit: useMutation({
      mutationFn: ({ copy, originalPages }: { readonly copy: Ref; readonly originalPages: number | null }) =>
        desk.copies.submit.mutate({
          copy: refOf(copy),
          comparedWithOriginal: true,
          allPagesPresent: true,
          ...(originalPages === null ? {} : { originalPages }),
        }),
      onSettled,
    }),
    returnForMending: useMutation({
      mutationFn: ({ copy, reason }: { readonly copy: Ref; readonly reason: string }) =>
        desk.copies.returnForMending.mutate({ copy: refOf(copy), reason }),
      onSettled,
    }),
    refuse: useMutation({
      mutationFn: (given: { readonly copy: Ref; readonly ground: RefusalGround; readonly explanation: string }) =>
        desk.copies.refuse.mutate({ ...given, copy: refOf(given.copy) }),
      onSettled,
    }),
    withdraw: useMutation({
      mutationFn: ({ copy, reason }: { readonly copy: Ref; readonly reason: string }) =>
        desk.copies.withdraw.mutate({ copy: refOf(copy), reason }),
      onSettled,
    }),
    cancel: useMutation({
      mutationFn: (given: {
        readonly copy: Ref
        readonly decision: { readonly number: string; readonly date: string }
      }) => desk.copies.cancel.mutate({ copy: refOf(given.copy), decision: given.decision }),
      onSettled,
    }),
  }
}
