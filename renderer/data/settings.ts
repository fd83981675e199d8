import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { inferRouterInputs } from '@trpc/server'
import type { DeskRouter } from '../../electron/api/router.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'

type Inputs = inferRouterInputs<DeskRouter>

export function useOfficeSettings() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.officeSettings, queryFn: () => desk.settings.office.query() })
}

export function useDeskSettings() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.deskSettings, queryFn: () => desk.settings.desk.query() })
}

export function usePeople() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.people, queryFn: () => desk.people.list.query() })
}

export function useOffice() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.office, queryFn: () => desk.people.office.query() })
}

/** Tries time stamps and portal, each time it is asked. */
export function useServices() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.services, queryFn: () => desk.settings.services.query(), staleTime: 0 })
}

export function useUpdateFeed() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.updateFeed, queryFn: () => desk.settings.updateFeed.query() })
}

/** Changes that only an administrator may make; the office judges. */
export function useSettingsActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSettled = () => invalidate(client, 'settings')
  return {
    changeOffice: useMutation({
      mutationFn: (change: Inputs['settings']['changeOffice']) => desk.settings.changeOffice.mutate(change),
      onSettled,
    }),
    changeDesk: useMutation({
      mutationFn: (change: Inputs['settings']['changeDesk']) => desk.settings.changeDesk.mutate(change),
      onSettled,
    }),
    changeUpdateFeed: useMutation({
      mutationFn: (feed: string | null) => desk.settings.changeUpdateFeed.mutate({ feed }),
      onSettled,
    }),
    lookForUpdate: useMutation({ mutationFn: () => desk.settings.lookForUpdate.mutate() }),
    addPerson: useMutation({
      mutationFn: (person: Inputs['people']['add']) => desk.people.add.mutate(person),
      onSettled,
    }),
    changePerson: useMutation({
      mutationFn: (change: Inputs['people']['change']) => desk.people.change.mutate(change),
      onSettled,
    }),
    setPassword: useMutation({
      mutationFn: (password: Inputs['people']['setPassword']) => desk.people.setPassword.mutate(password),
      onSettled,
    }),
    setSignatureImage: useMutation({
      mutationFn: (image: Inputs['people']['setSignatureImage']) => desk.people.setSignatureImage.mutate(image),
      onSettled,
    }),
    setSeal: useMutation({
      mutationFn: (seal: Inputs['people']['setSeal']) => desk.people.setSeal.mutate(seal),
      onSettled,
    }),
  }
}
