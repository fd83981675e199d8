import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkWaiting } from '../../electron/api/contract/session.ts'

/** A word in the corner when work arrives. */
export function useArrivals({ arrived }: WorkWaiting): void {
  const { t } = useTranslation()
  useEffect(() => {
    const [first] = arrived
    if (!first) return
    notifications.show({
      id: 'arrivals',
      title: t('arrivals.title', { n: arrived.length }),
      message: arrived.length === 1 ? first.title : t('arrivals.more', { title: first.title, n: arrived.length - 1 }),
      closeButtonProps: { 'aria-label': t('general.close') },
      autoClose: 8000,
    })
  }, [arrived, t])
}
