import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import { useDesk } from '../data/desk.tsx'
import { invalidate } from '../data/keys.ts'
import { toNotice } from '../data/notice.ts'

/** Takes the copy onto this desk while its screen is open, so that no two people scan into it; gives it back when it is left. */
export function useClaim(copyId: string): { readonly held: boolean; readonly refused: ErrorNotice | null } {
  const desk = useDesk()
  const client = useQueryClient()
  const { t } = useTranslation()
  const [held, setHeld] = useState(false)
  const [refused, setRefused] = useState<ErrorNotice | null>(null)
  useEffect(() => {
    let left = false
    const claiming = desk.copies.claim.mutate({ copyId }).then(
      async () => {
        await client.invalidateQueries({ queryKey: ['copies'] })
        if (!left) setHeld(true)
        return true
      },
      error => {
        if (!left) setRefused(toNotice(error, t))
        return false
      },
    )
    return () => {
      left = true
      // Submitted or refused meanwhile, it is nobody's any more and there is nothing to give back.
      void claiming.then(async had => {
        if (had) await desk.copies.release.mutate({ copyId }).catch(() => invalidate(client, 'copies'))
      })
    }
  }, [desk, client, copyId, t])
  return { held, refused }
}
