import { useEffect, useRef, useState } from 'react'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import type { VerificationItem } from '../../electron/api/contract/verify.ts'
import { noticeOf } from '../../electron/api/link.ts'
import { useDesk } from './desk.tsx'
import { upload } from './uploads.ts'
import { useSecret } from './use-secret.ts'

interface Judged {
  readonly file: File
  readonly result: VerificationItem
  /** A password was needed to read it. */
  readonly locked: boolean
}

/** A file that wants a password, or another one than was told. */
export interface Locked {
  readonly file: File
  readonly notice: ErrorNotice
}

/** Faults that a password mends. */
const LOCKED: readonly string[] = ['pdf-password-required', 'pdf-password-wrong']

/** Judges a signed PDF of this PC; stopped when the screen is left. The password of a locked one goes with the question and is kept nowhere. */
export function useVerification() {
  const desk = useDesk()
  const [locked, setLocked] = useState<Locked | null>(null)
  const [judged, setJudged] = useState<Judged | null>(null)
  const under = useRef(new AbortController())
  useEffect(() => () => under.current.abort(), [])

  const { tell, error, isPending } = useSecret(
    async ({ file, password }: { readonly file: File; readonly password: string | null }) => {
      const { signal } = under.current
      try {
        const uploadId = await upload(desk, file, signal)
        signal.addEventListener('abort', () => void desk.jobs.cancel.query({ jobId: uploadId }))
        setJudged({ file, result: await desk.verify.file.query({ uploadId, password }), locked: password !== null })
        setLocked(null)
      } catch (fault) {
        // What the person asked for is no fault.
        if (signal.aborted) return
        const notice = noticeOf(fault)
        const wanted = notice && LOCKED.includes(notice.code) ? { file, notice } : null
        setLocked(wanted)
        if (!wanted) throw fault
      }
    },
    {},
  )
  const begin = (file: File, password: string | null) => {
    under.current = new AbortController()
    setJudged(null)
    void tell({ file, password })
  }
  const judge = (file: File) => {
    setLocked(null)
    begin(file, null)
  }
  /** Tries the locked file with a password. */
  const unlock = (password: string) => locked && begin(locked.file, password)
  return { locked, judged, judge, unlock, stop: () => under.current.abort(), error, isPending }
}
