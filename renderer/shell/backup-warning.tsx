import { Button } from '@mantine/core'
import { IconDatabaseExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBackup, useBackupActions } from '../data/backup.ts'
import { day } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { ErrorBox } from '../design/error-notice.tsx'
import './backup-warning.css'

/** On the first screen, while the office's data is not safe: the administrator mends it here, everybody else is led to that person. */
export function BackupWarning({ administrator }: { readonly administrator: boolean }) {
  const { t, i18n } = useTranslation()
  const backup = useBackup().data
  const { choosePlace, now } = useBackupActions()
  if (!backup?.overdue) return null
  const { place, lastGood } = backup
  const [action, name] =
    place === null ? ([choosePlace, 'settings.backup.choose'] as const) : ([now, 'settings.backup.now'] as const)
  return (
    <section className="backup-warning" aria-label={t('backup.warning')}>
      <div className="backup-warning-line">
        <IconDatabaseExclamation size={18} aria-hidden="true" />
        <span>
          {lastGood === null ? t('backup.none') : t('backup.old', { day: day(lastGood, i18n.language) })}{' '}
          {!administrator && t('backup.tell')}
        </span>
        {administrator && (
          <Button
            size="compact-sm"
            variant="default"
            loading={action.isPending || backup.underWay}
            onClick={() => action.mutate()}
          >
            {t(name)}
          </Button>
        )}
      </div>
      {action.error && <ErrorBox notice={toNotice(action.error, t)} onClose={() => action.reset()} />}
    </section>
  )
}
