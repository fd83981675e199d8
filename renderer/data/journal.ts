import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CheckNews, JournalFilter, JournalStateItem } from '../../electron/api/contract/journal.ts'
import { useDesk } from './desk.tsx'
import { invalidate, keys } from './keys.ts'
import { useJob } from './use-job.ts'

/** @param before older than the event of this sequence; null: the newest */
export function useJournalEvents(filter: JournalFilter, before: number | null) {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.journalEvents(filter, before),
    queryFn: () => desk.journal.events.query({ ...filter, ...(before === null ? {} : { before }) }),
    placeholderData: keepPreviousData,
  })
}

export function useJournalState() {
  const desk = useDesk()
  return useQuery({ queryKey: keys.journalState, queryFn: () => desk.journal.state.query() })
}

export function useAnchor() {
  const desk = useDesk()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => desk.journal.anchor.mutate(),
    onSettled: () => invalidate(client, 'register'),
  })
}

/** A head of the journal that was kept outside. */
export interface Known {
  readonly sequence: number
  readonly hash: string
}

/** Reads the whole register again; what it finds becomes part of the journal's state. */
export function useJournalCheck() {
  const desk = useDesk()
  const client = useQueryClient()
  const { run, cancel, ...job } = useJob<CheckNews>()
  const [files, setFiles] = useState<{ readonly done: number; readonly all: number } | null>(null)
  const check = (known: Known | null) => {
    setFiles(null)
    void run(
      (jobId, handlers) => desk.journal.check.subscribe({ jobId, known }, handlers),
      news => {
        if (news.kind === 'files') setFiles(news)
        if (news.kind === 'finished')
          client.setQueryData<JournalStateItem>(keys.journalState, before => before && { ...before, check: news.check })
      },
    )
  }
  return { ...job, files, check, stop: cancel }
}
