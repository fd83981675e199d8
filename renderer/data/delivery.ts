import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeliveryNews } from '../../electron/api/contract/delivery.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'
import { useJob } from './use-job.ts'

export function useDeliveries() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.deliveries, queryFn: () => desk.delivery.list.query() })
}

/** Sends what is due, or brings one back into the queue and sends it at once. */
export function useSending() {
  const desk = useDesk()
  const client = useQueryClient()
  const job = useJob<DeliveryNews>()
  const [result, setResult] = useState<{ readonly delivered: number; readonly waiting: number } | null>(null)

  const send = async (copyId?: string): Promise<void> => {
    setResult(null)
    await job.run(
      (jobId, handlers) =>
        desk.delivery.run.subscribe({ jobId, ...(copyId === undefined ? {} : { copyId }) }, handlers),
      news => {
        if (news.kind === 'finished') setResult({ delivered: news.delivered, waiting: news.waiting })
      },
    )
    invalidate(client, 'copies')
  }

  const retry = useMutation({
    mutationFn: (copyId: string) => desk.delivery.retry.mutate({ copyId }),
    onSuccess: (_, copyId) => send(copyId),
  })

  return { ...job, result, send, retry }
}
