import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

/** How the office's data is kept in a second place; asked again now and then, as it grows old by itself. */
export function useBackup() {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.backup,
    queryFn: () => desk.backup.state.query(),
    refetchInterval: 60 * 60 * 1000,
  })
}

/** What only the administrator of a real office may do; the office judges. */
export function useBackupActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSettled = () => invalidate(client, 'settings')
  return {
    choosePlace: useMutation({ mutationFn: () => desk.backup.choosePlace.mutate(), onSettled }),
    stop: useMutation({ mutationFn: () => desk.backup.stop.mutate(), onSettled }),
    now: useMutation({ mutationFn: () => desk.backup.now.mutate(), onSettled }),
    restore: useMutation({ mutationFn: () => desk.backup.restore.mutate(), onSuccess: () => client.resetQueries() }),
    verify: useMutation({ mutationFn: () => desk.backup.verify.mutate() }),
  }
}
