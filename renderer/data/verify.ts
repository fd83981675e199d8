import { useEffect, useRef, useState } from 'react'
import type { VerificationItem } from '../../electron/api/contract/verify.ts'
import { useDesk } from './desk.tsx'
import { upload } from './uploads.ts'
import { useSecret } from './use-secret.ts'

interface Judged {
  readonly file: File
  readonly result: VerificationItem
  /** A password was needed to read it. */
  readonly locked: boolean
}

/** Judges a signed PDF of this PC; stopped when the screen is left. The password of a locked one goes with the question and is kept nowhere. */
export function useVerification() {
  const desk = useDesk()
  const [chosen, setChosen] = useState<File | null>(null)
  const [judged, setJudged] = useState<Judged | null>(null)
  const under = useRef(new AbortController())
  useEffect(() => () => under.current.abort(), [])

  const { tell, error, isPending } = useSecret(
    async ({ file, password }: { readonly file: File; readonly password: string | null }) => {
      const { signal } = under.current
      const uploadId = await upload(desk, file, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      if (uploadId === undefined) return
      signal.addEventListener('abort', () => void desk.jobs.cancel.query({ jobId: uploadId }))
      setJudged({ file, result: await desk.verify.file.query({ uploadId, password }), locked: password !== null })
    },
    {},
  )
  const judge = (file: File, password: string | null = null) => {
    under.current = new AbortController()
    setChosen(file)
    setJudged(null)
    void tell({ file, password })
  }
  return { chosen, judged, judge, stop: () => under.current.abort(), error, isPending }
}
