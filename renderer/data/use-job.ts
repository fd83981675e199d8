import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import { useDesk } from './desk.tsx'
import { toNotice } from './notice.ts'

interface Handlers<News> {
  readonly onData: (news: News) => void
  readonly onError: (error: unknown) => void
  readonly onComplete: () => void
}

interface Following {
  unsubscribe(): void
  /** Where the office does not know of the work yet. */
  cancel?(): void
}

export type StartJob<News> = (jobId: string, handlers: Handlers<News>) => Following

export interface Job {
  readonly running: boolean
  /** Time (ms since 1970) at which the work under way began. */
  readonly startedAt: number
  /** Why the last work as a whole failed. */
  readonly error: ErrorNotice | null
}

const idle: Job = { running: false, startedAt: 0, error: null }

/** Long work that tells news: one at a time, cancelled in order, ended when the screen goes away. */
export function useJob<News>() {
  const desk = useDesk()
  const { t } = useTranslation()
  const [job, setJob] = useState<Job>(idle)
  const under = useRef<{ readonly id: string; readonly following: Following } | null>(null)

  const left = useRef(false)
  useEffect(() => {
    left.current = false
    return () => {
      left.current = true
      under.current?.following.unsubscribe()
    }
  }, [])

  /** Resolves when the work is over: true when it ran to its end, false when it failed as a whole. */
  const run = useCallback(
    (start: StartJob<News>, onNews: (news: News) => void): Promise<boolean> =>
      new Promise(resolve => {
        // One at a time: what is under way goes on, the second start is none; nor does anything start behind a screen that was left.
        if (under.current || left.current) return resolve(false)
        const id = crypto.randomUUID()
        const over = (error: ErrorNotice | null) => {
          under.current = null
          setJob({ ...idle, error })
          resolve(error === null)
        }
        setJob({ running: true, startedAt: Date.now(), error: null })
        const following = start(id, {
          onData: onNews,
          onError: error => over(toNotice(error, t)),
          onComplete: () => over(null),
        })
        under.current = { id, following }
      }),
    [t],
  )

  const cancel = useCallback(() => {
    if (!under.current) return
    const { id, following } = under.current
    following.cancel?.()
    void desk.jobs.cancel.query({ jobId: id })
  }, [desk])

  const forget = useCallback(() => setJob(before => (before.running ? before : idle)), [])

  return { ...job, run, cancel, forget }
}
