import { Alert, Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { BackupState } from '../../electron/api/contract/backup.ts'
import { useBackup, useBackupActions } from '../data/backup.ts'
import { dayAndTime } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Where the office's data is saved a second time, and when that last went well. */
export function BackupSettings({ changeable }: { readonly changeable: boolean }) {
  const { t } = useTranslation()
  const backup = useBackup()
  return (
    <section className="card" aria-labelledby="backup-title">
      <h2 id="backup-title">{t('settings.backup.title')}</h2>
      <p className="quiet">{t('settings.backup.note')}</p>
      <Answer query={backup}>{state => <Place state={state} changeable={changeable} />}</Answer>
    </section>
  )
}

function Place({ state, changeable }: { readonly state: BackupState; readonly changeable: boolean }) {
  const { t, i18n } = useTranslation()
  const { choosePlace, stop, now, verify } = useBackupActions()
  const error = choosePlace.error ?? stop.error ?? now.error ?? verify.error
  const { place, lastGood, problem, sameDrive } = state
  const busy = state.underWay || now.isPending
  return (
    <>
      {error ? <ErrorBox notice={toNotice(error, t)} /> : <ErrorBox notice={problem} />}
      <p>
        {t('settings.backup.place')} <strong>{place ?? t('settings.backup.none')}</strong>
      </p>
      <p>
        {t('settings.backup.lastGood')}{' '}
        <strong role="status">
          {busy
            ? t('settings.backup.underWay')
            : lastGood === null
              ? t('settings.backup.never')
              : dayAndTime(lastGood, i18n.language)}
        </strong>
      </p>
      {sameDrive && (
        <Alert color="yellow" variant="light">
          {t('settings.backup.sameDrive')}
        </Alert>
      )}
      {changeable && (
        <Group>
          <Button variant="default" loading={choosePlace.isPending} onClick={() => choosePlace.mutate()}>
            {t('settings.backup.choose')}
          </Button>
          {place !== null && (
            <>
              <Button loading={busy} onClick={() => now.mutate()}>
                {t('settings.backup.now')}
              </Button>
              <Button variant="default" loading={verify.isPending} disabled={busy} onClick={() => verify.mutate()}>
                {t('settings.backup.verify')}
              </Button>
              <Button variant="subtle" loading={stop.isPending} onClick={() => stop.mutate()}>
                {t('settings.backup.stop')}
              </Button>
            </>
          )}
        </Group>
      )}
      {verify.data && <Check check={verify.data} />}
    </>
  )
}

function Check({ check }: { readonly check: NonNullable<ReturnType<typeof useBackupActions>['verify']['data']> }) {
  const { t, i18n } = useTranslation()
  const { findings, files, madeAt } = check
  const whole = findings.length === 0
  return (
    <Alert role="status" color={whole ? 'green' : 'red'} variant="light">
      {t(whole ? 'settings.backup.whole' : 'settings.backup.notWhole', {
        time: dayAndTime(madeAt, i18n.language),
        files,
        count: findings.length,
      })}
      {!whole && (
        <ul>
          {findings.slice(0, 20).map(({ kind, subject }) => (
            <li key={`${kind} ${subject}`}>
              {t(`settings.backup.finding.${kind}`)}: <code>{subject}</code>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}
