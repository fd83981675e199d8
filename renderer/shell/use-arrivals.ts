import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkWaiting } from '../../electron/api/contract/session.ts'
import { useDesk } from '../data/desk.tsx'
import { keys } from '../data/keys.ts'

/** A word in the corner when work arrives from others; a draft that the officer has just begun is no news. */
export function useArrivals({ arrived }: WorkWaiting): void {
  const { t } = useTranslation()
  const desk = useDesk()
  const client = useQueryClient()
  useEffect(() => {
    if (arrived.length === 0) return
    const ids = new Set(arrived.map(each => each.copyId))
    const show = async () => {
      const queue = await client.fetchQuery({
        queryKey: keys.queue,
        queryFn: () => desk.copies.queue.query(),
        staleTime: 0,
      })
      const news = queue.filter(copy => ids.has(copy.id) && (copy.state !== 'draft' || copy.remark !== null))
      const [first] = news
      if (!first) return
      notifications.show({
        id: 'arrivals',
        title: t('arrivals.title', { n: news.length }),
        message: news.length === 1 ? first.title : t('arrivals.more', { title: first.title, n: news.length - 1 }),
        closeButtonProps: { 'aria-label': t('general.close') },
        autoClose: 8000,
      })
    }
    // The queue itself shows why it cannot be read.
    show().catch(() => client.invalidateQueries({ queryKey: keys.queue }))
  }, [arrived, desk, client, t])
}
