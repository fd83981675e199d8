import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { keys } from './keys.ts'
import { useSecret } from './use-secret.ts'

export function useSession() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.session, queryFn: () => desk.session.state.query() })
}

export function useSessionPeople() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.sessionPeople, queryFn: () => desk.session.people.query() })
}

/** Who works at this window, and how the office is opened. Everything kept belongs to one person, so all of it is asked anew. */
export function useSessionActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSuccess = () => client.resetQueries()
  const onPractice = async () => {
    await onSuccess()
    // Where somebody was in the office is no place in the other.
    window.location.hash = ''
  }
  return {
    begin: useMutation({
      mutationFn: (personId: string) => desk.session.begin.mutate({ personId }),
      onSuccess,
    }),
    end: useMutation({ mutationFn: () => desk.session.end.mutate(), onSuccess }),
    startPractice: useMutation({ mutationFn: () => desk.practice.start.mutate(), onSuccess: onPractice }),
    renewPractice: useMutation({ mutationFn: () => desk.practice.renew.mutate(), onSuccess: onPractice }),
    leavePractice: useMutation({ mutationFn: () => desk.practice.leave.mutate(), onSuccess }),
    found: useMutation({
      mutationFn: (office: { readonly name: string; readonly administrator: string }) =>
        desk.session.found.mutate(office),
      onSuccess,
    }),
    setLanguage: useMutation({
      mutationFn: (language: 'vi' | 'en') => desk.session.setLanguage.mutate({ language }),
      onSuccess: () => client.invalidateQueries(),
    }),
  }
}

/** Begins as a person who has a password. */
export function usePasswordBegin(personId: string) {
  const desk = useDesk()
  const client = useQueryClient()
  return useSecret((password: string) => desk.session.begin.mutate({ personId, password }), {
    onSuccess: () => client.resetQueries(),
  })
}

/** The practice office's PINs and papers; null in a real office. */
export function usePractice() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.practice, queryFn: () => desk.practice.state.query() })
}
