import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { usePractice, useSessionActions } from '../data/session.ts'
import { ErrorBox } from '../design/error-notice.tsx'

/** The way out of the practice office: to this PC's own office, or to the first start where it has none yet. */
export function LeavePractice() {
  const { t } = useTranslation()
  const practice = usePractice()
  const { leavePractice } = useSessionActions()
  if (!practice.data) return null
  return (
    <footer className="start-foot">
      {leavePractice.error && <ErrorBox notice={toNotice(leavePractice.error, t)} />}
      <span className="quiet">{t('chooser.practised')}</span>
      <Button variant="default" loading={leavePractice.isPending} onClick={() => leavePractice.mutate()}>
        {t(practice.data.hasOffice ? 'chooser.toOffice' : 'chooser.foundOffice')}
      </Button>
    </footer>
  )
}
