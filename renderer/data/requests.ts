import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useDesk } from './desk.tsx'
import { invalidate } from './keys.ts'

export interface NewOriginal {
  readonly title: string
  readonly kind: string
  readonly issuer: string
  readonly copyCount: number
}

export interface NewRequest {
  readonly requester: {
    readonly name: string
    readonly personalNumber: string | null
    readonly email: string | null
    readonly phone: string | null
  }
  readonly originals: readonly NewOriginal[]
  readonly exemptionId: string | null
}

export type ExtensionReason = 'many-kinds' | 'many-pages' | 'many-copies' | 'hard-to-compare'

export function useRequestActions() {
  const desk = useDesk()
  const client = useQueryClient()
  const onSettled = () => invalidate(client, 'copies')
  return {
    receive: useMutation({
      mutationFn: ({ requester, originals, exemptionId }: NewRequest) =>
        desk.requests.receive.mutate({ requester: { ...requester }, originals: [...originals], exemptionId }),
      onSettled,
    }),
    printReceipt: useMutation({ mutationFn: (requestId: string) => desk.requests.printReceipt.query({ requestId }) }),
    extend: useMutation({
      mutationFn: (extension: {
        readonly requestId: string
        readonly dueAt: string
        readonly reason: ExtensionReason
        readonly writtenAgreement: boolean
      }) => desk.requests.extend.mutate(extension),
      onSettled,
    }),
  }
}
