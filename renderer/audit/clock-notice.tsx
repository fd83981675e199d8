import { Alert, Button } from '@mantine/core'
import { IconClockExclamation } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useClock } from '../data/clock.ts'
import { dayAndTime } from '../data/format.ts'
import { AcceptClock } from './accept-clock.tsx'

/** Above every screen while the PC's clock keeps the office from writing anything, or differs from the time-stamp service's. */
export function ClockNotice({ person }: { readonly person: PersonItem }) {
  const { t, i18n } = useTranslation()
  const clock = useClock().data
  const [open, setOpen] = useState(false)
  if (!clock || (clock.verdict === 'right' && clock.aheadSeconds === 0)) return null
  const minutes = Math.round(Math.abs(clock.aheadSeconds) / 60)
  const differs = t(clock.aheadSeconds > 0 ? 'clock.isAhead' : 'clock.isBehind', { minutes })
  return (
    <Alert role="alert" color="orange" variant="light" icon={<IconClockExclamation aria-hidden="true" />} p="xs">
      {clock.verdict === 'right' ? (
        differs
      ) : (
        <>
          {t('clock.doubt', { now: dayAndTime(clock.now, i18n.language) })}{' '}
          <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
            {t('clock.look')}
          </Button>
        </>
      )}
      {open && <AcceptClock clock={clock} person={person} onClose={() => setOpen(false)} />}
    </Alert>
  )
}
