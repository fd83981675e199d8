import { IconAlarm, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { clockTime, dayAndTime, deadline } from '../data/format.ts'
import { useNow } from './use-now.ts'
import './deadline-text.css'

/** When it is due, and how long that is from now; near and past deadlines also differ by sign, not by colour alone. */
export function DeadlineText({ dueAt }: { readonly dueAt: string }) {
  const { t, i18n } = useTranslation()
  const { tone, minutes, today } = deadline(dueAt, useNow())
  const Sign = tone === 'calm' ? IconClock : IconAlarm
  const hours = Math.floor(Math.abs(minutes) / 60)
  const length =
    hours >= 48
      ? t('deadline.days', { n: Math.floor(hours / 24) })
      : hours > 0
        ? t('deadline.hours', { n: hours, m: Math.abs(minutes) % 60 })
        : t('deadline.minutes', { n: Math.abs(minutes) })
  return (
    <span className="deadline" data-tone={tone}>
      <Sign size={16} aria-hidden="true" />
      <span>
        {today ? t('deadline.today', { time: clockTime(dueAt, i18n.language) }) : dayAndTime(dueAt, i18n.language)}
        <span className="deadline-left">{t(tone === 'late' ? 'deadline.late' : 'deadline.left', { length })}</span>
      </span>
    </span>
  )
}
