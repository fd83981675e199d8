import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useClock } from '../data/clock.ts'
import { dayAndTime } from '../data/format.ts'
import { Answer } from '../design/answer.tsx'
import { AcceptClock } from './accept-clock.tsx'

/** Where the messages about the clock send people. */
export function ClockSettings({ person }: { readonly person: PersonItem }) {
  const { t, i18n } = useTranslation()
  const clock = useClock()
  const [open, setOpen] = useState(false)
  return (
    <section className="card" aria-labelledby="clock-title">
      <h2 id="clock-title">{t('clock.title')}</h2>
      <Answer query={clock}>
        {state => (
          <>
            <p>
              {t('clock.state', {
                now: dayAndTime(state.now, i18n.language),
                last: dayAndTime(state.last, i18n.language),
              })}
            </p>
            {state.verdict === 'right' ? (
              <p className="quiet">{t('clock.isRight')}</p>
            ) : (
              <Group>
                <Button onClick={() => setOpen(true)}>{t('clock.look')}</Button>
              </Group>
            )}
            {open && <AcceptClock clock={state} person={person} onClose={() => setOpen(false)} />}
          </>
        )}
      </Answer>
    </section>
  )
}
