import { Anchor } from '@mantine/core'
import { IconDatabaseExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBackup } from '../data/backup.ts'
import { day } from '../data/format.ts'
import { routeHash } from './route.ts'
import './backup-warning.css'

/** On the first screen, while the office's data is not safe: whoever may mend it is led there, everybody else to that person. */
export function BackupWarning({ administrator }: { readonly administrator: boolean }) {
  const { t, i18n } = useTranslation()
  const backup = useBackup().data
  if (!backup?.overdue) return null
  const { place, lastGood } = backup
  return (
    <section className="backup-warning" aria-label={t('backup.warning')}>
      <IconDatabaseExclamation size={18} aria-hidden="true" />
      <span>
        {place === null || lastGood === null
          ? t('backup.none')
          : t('backup.old', { day: day(lastGood, i18n.language) })}{' '}
        {administrator ? (
          <Anchor href={routeHash({ screen: 'settings' })} size="sm">
            {t('backup.go')}
          </Anchor>
        ) : (
          t('backup.tell')
        )}
      </span>
    </section>
  )
}
