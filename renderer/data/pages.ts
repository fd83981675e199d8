import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import type { CopyDetail, PagesChanged } from '../../electron/api/contract/copies.ts'
import { refOf } from './copies.ts'
import { type Desk, useDesk } from './desk.tsx'
import { keys } from './keys.ts'
import { toNotice } from './notice.ts'
import { begin, type Leaves, type PageHistory, record, redo, rename, same, toRestore, undo } from './page-history.ts'

const leavesOf = (detail: Pick<CopyDetail, 'pages'>): Leaves =>
  detail.pages.map(({ id, rotation }) => ({ id, rotation }))

/** Brings the office's pages to `target`. @returns what it holds now and the new ids of pages that came back */
async function bringTo(
  desk: Desk,
  detail: PagesChanged,
  target: Leaves,
): Promise<{ readonly now: PagesChanged; readonly ids: ReadonlyMap<string, string> }> {
  const missing = toRestore(leavesOf(detail), target)
  let now = detail
  let ids: ReadonlyMap<string, string> = new Map()
  if (missing.length > 0) {
    const answer = await desk.copies.restorePages.mutate({ copy: refOf(now.copy), pages: [...missing] })
    ids = new Map(answer.restored.map(page => [page.was, page.now]))
    now = answer
  }
  const wanted = target.map(leaf => ({ ...leaf, id: ids.get(leaf.id) ?? leaf.id }))
  if (!same(leavesOf(now), wanted)) {
    now = await desk.copies.arrangePages.mutate({ copy: refOf(now.copy), pages: wanted })
  }
  return { now, ids }
}

/** Arranging a draft's pages, with undo and redo. Changes go to the office one after another, in the order they were made. */
export function usePages(copyId: string, detail: CopyDetail) {
  const desk = useDesk()
  const client = useQueryClient()
  const { t } = useTranslation()
  const [history, show] = useState<PageHistory>(() => begin(leavesOf(detail)))
  // Steps made quickly one after another each start from what the one before left, not from what was drawn last.
  const newest = useRef(history)
  const setHistory = useCallback((next: PageHistory) => {
    newest.current = next
    show(next)
  }, [])
  const [error, setError] = useState<ErrorNotice | null>(null)
  const queue = useRef<Promise<void>>(Promise.resolve())
  const waiting = useRef(0)

  // Pages that came by themselves (scanned, imported) are a step that can be undone too.
  useEffect(() => {
    if (waiting.current === 0) setHistory(record(newest.current, leavesOf(detail)))
  }, [detail, setHistory])

  const held = useCallback(() => client.getQueryData<CopyDetail>(keys.copy(copyId)) ?? detail, [client, copyId, detail])
  const keep = useCallback(
    ({ copy, pages }: PagesChanged) =>
      client.setQueryData<CopyDetail>(keys.copy(copyId), before => before && { ...before, copy, pages }),
    [client, copyId],
  )

  const go = useCallback(
    (step: (history: PageHistory) => PageHistory): Promise<void> => {
      waiting.current++
      const work = queue.current.then(async () => {
        const next = step(newest.current)
        try {
          setError(null)
          const { now, ids } = await bringTo(desk, held(), next.present)
          keep(now)
          setHistory({ ...rename(next, ids), present: leavesOf(now) })
        } catch (fault) {
          setError(toNotice(fault, t))
          await client.invalidateQueries({ queryKey: keys.copy(copyId) })
        } finally {
          waiting.current--
        }
      })
      queue.current = work
      return work
    },
    [desk, held, keep, client, copyId, t, setHistory],
  )

  return {
    error,
    change: (rule: (leaves: Leaves) => Leaves) => go(before => record(before, rule(before.present))),
    undo: () => go(undo),
    redo: () => go(redo),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    forgetError: () => setError(null),
  }
}
