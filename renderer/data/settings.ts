import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { inferRouterInputs } from '@trpc/server'
import { useRef } from 'react'
import type { DeskRouter } from '../../electron/api/router.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'
import { base64 } from './uploads.ts'
import { useSecret } from './use-secret.ts'

type Inputs = inferRouterInputs<DeskRouter>

export function useOfficeSettings() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.officeSettings, queryFn: () => desk.settings.office.query() })
}

export function useDeskSettings() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.deskSettings, queryFn: () => desk.settings.desk.query() })
}

export function useTokenModules() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.tokenModules, queryFn: () => desk.settings.tokenModules.query() })
}

export function usePeople() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.people, queryFn: () => desk.people.list.query() })
}

export function useOffice() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.office, queryFn: () => desk.people.office.query() })
}

/** What speaks against sealing with a certificate; null also for none, and where its token is not plugged in. */
export function useSealProblem(certificateSha256: string | null) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.sealProblem(certificateSha256),
    queryFn: () => (certificateSha256 === null ? null : desk.people.sealProblem.query({ certificateSha256 })),
  })
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
    chooseTokenModule: useMutation({ mutationFn: () => desk.settings.chooseTokenModule.query() }),
    lookForUpdate: useMutation({ mutationFn: () => desk.settings.lookForUpdate.mutate() }),
    renameOffice: useMutation({ mutationFn: (name: string) => desk.people.rename.mutate({ name }), onSettled }),
    setSeal: useMutation({
      mutationFn: async ({ certificateSha256, picture }: SealChange) =>
        desk.people.setSeal.mutate({ certificateSha256, ...(picture ? { png: await base64(picture) } : {}) }),
      onSettled,
    }),
  }
}

interface SealChange {
  readonly certificateSha256: string
  /** Null: the one that is kept stays. */
  readonly picture: File | null
}

type PersonFields = Inputs['people']['add'] & {
  readonly active: boolean
  /** Null: the one that is kept stays. */
  readonly picture: File | null
}

/**
 * Adds a person or changes one, then keeps their picture. A person who was added is changed when the picture was refused and is sent again.
 * @param personId null: somebody new
 */
export function useSavePerson(personId: string | null) {
  const desk = useDesk()
  const client = useQueryClient()
  const known = useRef(personId)
  return useMutation({
    mutationFn: async ({ picture, active, ...person }: PersonFields) => {
      const png = picture && (await base64(picture))
      if (known.current === null) known.current = (await desk.people.add.mutate(person)).id
      else await desk.people.change.mutate({ personId: known.current, ...person, active })
      if (png) await desk.people.setSignatureImage.mutate({ personId: known.current, png })
    },
    onSettled: () => invalidate(client, 'settings'),
  })
}

/** A new password, or none (`next` null). */
export function useSetPassword(personId: string) {
  const desk = useDesk()
  const client = useQueryClient()
  return useSecret(
    (password: Omit<Inputs['people']['setPassword'], 'personId'>) =>
      desk.people.setPassword.mutate({ personId, ...password }),
    { onSettled: () => invalidate(client, 'settings') },
  )
}
