import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { JournalCheck, JournalStateItem } from '../../electron/api/contract/journal.ts'
import { dayAndTime } from '../data/format.ts'
import type { useJournalCheck } from '../data/journal.ts'
import { Action } from '../design/action.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { ProgressLine } from '../design/progress-line.tsx'
import { Findings } from './findings.tsx'

const LOOKS = {
  true: { Icon: IconCircleCheck, tone: 'good' },
  untrue: { Icon: IconCircleX, tone: 'error' },
  unchecked: { Icon: IconHelpCircle, tone: undefined },
} as const

/** The one question, answered in big words, with what was looked at and when. */
export function Verdict({
  state,
  check,
}: {
  readonly state: JournalStateItem
  readonly check: ReturnType<typeof useJournalCheck>
}) {
  const { t } = useTranslation()
  const last = state.check
  const { Icon, tone } = LOOKS[last === null ? 'unchecked' : last.intact ? 'true' : 'untrue']
  return (
    <section className="card journal-verdict on-paper" aria-labelledby="journal-verdict">
      <div className="journal-answer">
        <Icon size={52} stroke={1.5} aria-hidden="true" data-tone={tone} />
        <div role="status">
          <h2 id="journal-verdict" data-tone={tone}>
            {last === null
              ? t('journal.unchecked')
              : last.intact
                ? t('journal.true')
                : t('journal.untrue', { n: last.findings.length })}
          </h2>
          {last === null ? <p>{t('journal.uncheckedText')}</p> : <Looked check={last} events={state.events} />}
        </div>
        <div className="not-on-paper">
          {check.running ? (
            <Action variant="default" onAct={check.stop}>
              {t('journal.stop')}
            </Action>
          ) : (
            <Action shortcut="mainAction" onAct={() => check.check(null)}>
              {t('journal.check')}
            </Action>
          )}
        </div>
      </div>
      {check.running && <Progress check={check} />}
      <ErrorBox notice={check.error} />
      {last && !last.intact && <Findings findings={last.findings} />}
    </section>
  )
}

function Progress({ check: { files, startedAt } }: { readonly check: ReturnType<typeof useJournalCheck> }) {
  const { t } = useTranslation()
  return (
    <ProgressLine
      label={files === null ? t('journal.readingRows') : t('journal.readingFiles', { ...files })}
      done={files?.done ?? 0}
      total={files?.all ?? 0}
      startedAt={startedAt}
    />
  )
}

function Looked({ check, events }: { readonly check: JournalCheck; readonly events: number }) {
  const { t, i18n } = useTranslation()
  const { checked, checkedAt, checkedBy, comparedWith, numbers } = check
  const highest = numbers.map(({ number, year }) => `${String(number).padStart(2, '0')}/${year}`).join(', ')
  const since = events - check.events
  const differs = check.findings.some(({ code }) => code === 'audit-known-differs')
  return (
    <>
      <p>{t('journal.checkedAt', { time: dayAndTime(checkedAt, i18n.language), name: checkedBy })}</p>
      <p>{t('journal.looked', { events: check.events, ...checked })}</p>
      {highest !== '' && <p>{t('journal.highest', { numbers: highest })}</p>}
      {comparedWith !== null && !differs && (
        <p data-tone="good">
          <strong>{t('journal.comparedTrue', { sequence: comparedWith })}</strong>
        </p>
      )}
      {since > 0 && <p data-tone="warning">{t('journal.since', { n: since })}</p>}
    </>
  )
}
