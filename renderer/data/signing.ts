import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import type { SigningNews } from '../../electron/api/contract/signing.ts'
import { refOf } from './copies.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'
import { useJob } from './use-job.ts'

export type SignatureKind = 'signature' | 'seal'

/** What one Enter hands to the token. */
export interface PinEntry {
  /** Null: it is typed on the reader. */
  readonly pin: string | null
  readonly lastTryConfirmed: boolean
  /** `batch`: it goes on after the PC's sleep. `session`: the token stays logged in for the next signings. */
  readonly keepPin: 'no' | 'batch' | 'session'
}

/** The token that is needed, judged before any PIN; asked anew each time the PIN box opens. */
export function useSigningToken(kind: SignatureKind) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.token(kind),
    queryFn: () => desk.signing.findToken.query({ kind }),
    staleTime: 0,
    gcTime: 0,
  })
}

/** Lets go of a token that is still logged in. */
export function useForgetPin(kind: SignatureKind) {
  const desk = useDesk()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => desk.signing.forgetPin.query(),
    onSettled: () => client.refetchQueries({ queryKey: keys.token(kind) }),
  })
}

export function useTokens(enabled = true) {
  const desk = useDesk()
  return useQuery({ queryKey: keys.tokens, queryFn: () => desk.signing.tokens.query(), enabled })
}

export type FileOutcome =
  | { readonly result: 'waiting' | 'done' | 'not-tried' }
  | { readonly result: 'failed'; readonly error: ErrorNotice }

export interface BatchSummary {
  readonly done: number
  readonly failed: number
  readonly notTried: number
}

/** Signs or seals copies with one PIN and says of each file what became of it. The PIN is handed on and kept nowhere. */
export function useSigningBatch(kind: SignatureKind) {
  const desk = useDesk()
  const client = useQueryClient()
  const job = useJob<SigningNews>()
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, FileOutcome>>(new Map())
  const [summary, setSummary] = useState<BatchSummary | null>(null)
  const { run } = job

  const sign = useCallback(
    async (copies: readonly CopyItem[], entry: PinEntry): Promise<void> => {
      setSummary(null)
      setOutcomes(new Map())
      const signed = await run(
        (jobId, handlers) =>
          desk.signing.sign.subscribe({ jobId, kind, copies: copies.map(refOf), ...entry }, handlers),
        news => {
          if (news.kind === 'started') setOutcomes(new Map(copies.map(copy => [copy.id, { result: 'waiting' }])))
          if (news.kind === 'copy') setOutcomes(before => new Map(before).set(news.copyId, news))
          if (news.kind === 'finished') setSummary({ done: news.done, failed: news.failed, notTried: news.notTried })
        },
      )
      // A wrong PIN has changed the token's own count: the card must not show the old one beside the fault.
      if (!signed) await client.refetchQueries({ queryKey: keys.token(kind) })
      invalidate(client, 'copies')
    },
    [desk, kind, run, client],
  )

  return { ...job, sign, outcomes, summary }
}
