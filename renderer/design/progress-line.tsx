import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { timeLeft } from './time-left.ts'
import { useNow } from './use-now.ts'
import './progress-line.css'

/** How far long work is, and how long it will still take. `done` of `total`; a part of one counts as a fraction. */
export function ProgressLine({
  label,
  done,
  total,
  startedAt,
}: {
  readonly label: string
  readonly done: number
  readonly total: number
  /** ms since 1970 */
  readonly startedAt: number
}) {
  const { t } = useTranslation()
  const now = useNow(500)
  const left = timeLeft(done, total, now.getTime() - startedAt)
  const words =
    left === null
      ? t('progress.reckoning')
      : left < 60
        ? t('progress.seconds', { n: Math.max(1, Math.ceil(left)) })
        : t('progress.minutes', { n: Math.ceil(left / 60) })
  return (
    <div className="progress-line">
      <div className="progress-line-words">
        <span>{label}</span>
        <span className="quiet">{words}</span>
      </div>
      <Progress.Root size="lg">
        <Progress.Section value={total === 0 ? 0 : (100 * done) / total} aria-label={label} />
      </Progress.Root>
    </div>
  )
}
