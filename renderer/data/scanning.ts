import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import type { CopyDetail, CopyItem } from '../../electron/api/contract/copies.ts'
import type { PagePlace, ScanNews, ScanProfile } from '../../electron/api/contract/scanning.ts'
import { refOf } from './copies.ts'
import { useDesk } from './desk.tsx'
import { keys } from './keys.ts'
import { whenUploaded } from './uploads.ts'
import { type StartJob, useJob } from './use-job.ts'

export function useScanners() {
  const desk = useDesk()
  return useQuery({
    queryKey: keys.scanners,
    queryFn: () => desk.scanning.devices.query(),
    staleTime: 600_000,
    gcTime: 3_600_000,
  })
}

/** The page that comes just now. */
export interface ComingPage {
  readonly page: number
  readonly fraction: number
}

type StartOnCopy = (copy: CopyItem, ...job: Parameters<StartJob<ScanNews>>) => ReturnType<StartJob<ScanNews>>

/**
 * Pages into a draft; each way resolves with how many came: left by a crash, from the scanner, from files, from the practice office's
 * papers. What a crash left comes first: whoever asks for pages sooner is kept waiting, not turned away.
 */
export function useTakingPages(copyId: string) {
  const desk = useDesk()
  const client = useQueryClient()
  const job = useJob<ScanNews>()
  /** Settled when what a crash left is back, or there was nothing. */
  const [recovered] = useState(() => Promise.withResolvers<void>())
  const [looking, setLooking] = useState(true)
  const waiting = useRef(false)
  const [coming, setComing] = useState<ComingPage | null>(null)
  const [fault, setFault] = useState<ErrorNotice | null>(null)
  const { run } = job

  const copyNow = useCallback(
    (): CopyItem | undefined => client.getQueryData<CopyDetail>(keys.copy(copyId))?.copy,
    [client, copyId],
  )

  const added = useRef(0)

  const onNews = useCallback(
    (news: ScanNews) => {
      if (news.kind === 'progress') return setComing(news)
      setComing(null)
      if (news.kind === 'page') setLooking(false)
      if (news.kind === 'finished') {
        added.current = news.added
        setFault(news.fault)
      }
      client.setQueryData<CopyDetail>(keys.copy(copyId), before => {
        if (!before) return before
        if (news.kind === 'finished') return { ...before, copy: news.copy, pages: news.pages }
        const others = before.pages.filter(page => page.id !== news.page.id)
        return { ...before, copy: news.copy, pages: others.toSpliced(news.at, 0, news.page) }
      })
    },
    [client, copyId],
  )

  const take = useCallback(
    async (start: StartOnCopy): Promise<number> => {
      const copy = copyNow()
      added.current = 0
      if (!copy) return 0
      setFault(null)
      await run((jobId, handlers) => start(copy, jobId, handlers), onNews)
      setComing(null)
      await client.invalidateQueries({ queryKey: keys.copy(copyId) })
      return added.current
    },
    [client, copyId, copyNow, run, onNews],
  )

  const takeInTurn = async (start: StartOnCopy): Promise<number> => {
    if (waiting.current) return 0
    waiting.current = true
    await recovered.promise
    waiting.current = false
    return take(start)
  }

  return {
    ...job,
    /** Only looking for what a crash left, as at every opening: nothing to show or to stop. */
    looking,
    coming,
    fault: fault ?? job.error,
    forgetFault: () => {
      setFault(null)
      job.forget()
    },
    scan: (profile: ScanProfile, place: PagePlace) =>
      takeInTurn((copy, jobId, handlers) =>
        desk.scanning.scan.subscribe({ jobId, copy: refOf(copy), profile, place }, handlers),
      ),
    importFiles: (files: readonly File[], place: PagePlace) =>
      takeInTurn((copy, jobId, handlers) =>
        whenUploaded(desk, files, handlers, uploadIds =>
          desk.scanning.importFiles.subscribe({ jobId, copy: refOf(copy), uploadIds, place }, handlers),
        ),
      ),
    recover: () =>
      take((copy, jobId, handlers) => desk.scanning.recover.subscribe({ jobId, copy: refOf(copy) }, handlers)).finally(
        () => {
          setLooking(false)
          recovered.resolve()
        },
      ),
    layPaper: (paperId: string) =>
      takeInTurn((copy, jobId, handlers) =>
        desk.practice.layPaper.subscribe({ jobId, copy: refOf(copy), paperId }, handlers),
      ),
  }
}
