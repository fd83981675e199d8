import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconClockCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { JournalStateItem } from '../../electron/api/contract/journal.ts'
import { dayAndTime } from '../data/format.ts'
import { useAnchor, type useJournalCheck } from '../data/journal.ts'
import { toNotice } from '../data/notice.ts'
import { ErrorBox } from '../design/error-notice.tsx'
import { CompareKnown } from './compare-known.tsx'

/** The journal's end, which says for all before it: to be kept outside, witnessed, and compared with what was kept. */
export function JournalEnd({
  state,
  check,
}: {
  readonly state: JournalStateItem
  readonly check: ReturnType<typeof useJournalCheck>
}) {
  const { t, i18n } = useTranslation()
  const anchor = useAnchor()
  const { events, head, lastAnchor, canAnchor } = state
  return (
    <section className="card journal-end" aria-labelledby="journal-end">
      <div>
        <h2 id="journal-end">{t('journal.end')}</h2>
        <p>
          {t('journal.endEvent', { n: events })} <code className="journal-hash">{head}</code>
        </p>
        <p className="quiet">{t('journal.endNote')}</p>
        <CopyButton value={`${events}:${head}`}>
          {({ copied, copy }) => (
            <Button
              className="not-on-paper"
              variant="default"
              size="xs"
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {t(copied ? 'journal.copied' : 'journal.copyHead')}
            </Button>
          )}
        </CopyButton>
      </div>
      <div>
        <h3>{t('journal.anchor')}</h3>
        <p>
          {t('journal.lastAnchor')}{' '}
          <strong>{lastAnchor === null ? t('journal.neverAnchored') : dayAndTime(lastAnchor, i18n.language)}</strong>
        </p>
        <p className="quiet">{t(canAnchor ? 'journal.anchorNote' : 'journal.anchorNotSet')}</p>
        {anchor.error && <ErrorBox notice={toNotice(anchor.error, t)} />}
        <Button
          className="not-on-paper"
          variant="default"
          size="xs"
          leftSection={<IconClockCheck size={16} />}
          disabled={!canAnchor}
          loading={anchor.isPending}
          onClick={() => anchor.mutate()}
        >
          {t('journal.anchorNow')}
        </Button>
      </div>
      <CompareKnown check={check} />
    </section>
  )
}
