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

/** What was sent to the portal for a copy, and its answers. */
export function useEvidence(copyId: string) {
  const desk = useDesk()
  return useQuery({ queryKey: keys.evidence(copyId), queryFn: () => desk.delivery.evidence.query({ copyId }) })
}

interface SendingResult {
  readonly delivered: number
  readonly told: number
  readonly waiting: number
  /** False: it failed as a whole before all were tried. */
  readonly complete: boolean
}

/** Sends at once, also what the program would only try again later; or brings one back into the queue and sends it. */
export function useSending() {
  const desk = useDesk()
  const client = useQueryClient()
  const job = useJob<DeliveryNews>()
  const [result, setResult] = useState<SendingResult | null>(null)

  const send = async (copyIds: readonly string[]): Promise<void> => {
    setResult(null)
    const sum = { delivered: 0, told: 0, waiting: 0, complete: true }
    for (const copyId of copyIds) {
      const ended = await job.run(
        (jobId, handlers) => desk.delivery.run.subscribe({ jobId, copyId }, handlers),
        news => {
          if (news.kind !== 'finished') return
          sum.delivered += news.delivered
          sum.told += news.told
          sum.waiting += news.waiting
        },
      )
      if (!ended) {
        sum.complete = false
        break
      }
    }
    if (sum.complete || sum.delivered + sum.told + sum.waiting > 0) setResult(sum)
    invalidate(client, 'copies')
  }

  const retry = useMutation({
    mutationFn: (copyId: string) => desk.delivery.retry.mutate({ copyId }),
    onSuccess: (_, copyId) => send([copyId]),
  })

  const toldByHand = useMutation({
    mutationFn: (copyId: string) => desk.delivery.toldByHand.mutate({ copyId }),
    onSuccess: () => invalidate(client, 'copies'),
  })

  return { ...job, result, send, retry, toldByHand }
}
