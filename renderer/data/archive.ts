import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

/** How many copies are to be archived or renewed. */
export function useArchiveDue() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.archiveDue, queryFn: () => desk.archive.due.query() })
}

export function useArchiveRenewal() {
  const desk = useDesk()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => desk.archive.renew.mutate(),
    onSettled: () => invalidate(client, 'register'),
  })
}
