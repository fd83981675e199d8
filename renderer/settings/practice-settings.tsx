import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { useSessionActions } from '../data/session.ts'
import { ErrorBox } from '../design/error-notice.tsx'

/** The way from a real office into the practice office, and how to come back. */
export function PracticeSettings() {
  const { t } = useTranslation()
  const { startPractice } = useSessionActions()
  return (
    <section className="card" aria-labelledby="practice-title">
      <h2 id="practice-title">{t('settings.practice.title')}</h2>
      {startPractice.error && <ErrorBox notice={toNotice(startPractice.error, t)} />}
      <p>{t('settings.practice.text')}</p>
      <p className="quiet">{t('settings.practice.note')}</p>
      <div>
        <Button variant="default" loading={startPractice.isPending} onClick={() => startPractice.mutate()}>
          {t('settings.practice.go')}
        </Button>
      </div>
    </section>
  )
}
