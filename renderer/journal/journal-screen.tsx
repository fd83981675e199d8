import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useJournalCheck, useJournalState } from '../data/journal.ts'
import { Answer } from '../design/answer.tsx'
import { Screen } from '../design/screen.tsx'
import { EventList } from './event-list.tsx'
import { JournalEnd } from './journal-end.tsx'
import { Verdict } from './verdict.tsx'
import './journal.css'

/** Is the register still what was written down? Below, everything that was. */
export function JournalScreen() {
  const { t } = useTranslation()
  const state = useJournalState()
  const check = useJournalCheck()
  return (
    <Screen
      title={t('journal.title')}
      subtitle={t('journal.subtitle')}
      help="journal"
      actions={
        state.data?.check && (
          <Button variant="default" leftSection={<IconPrinter size={18} />} onClick={() => window.print()}>
            {t('journal.print')}
          </Button>
        )
      }
    >
      <Answer query={state}>
        {found => (
          <div className="journal">
            <Verdict state={found} check={check} />
            <JournalEnd state={found} check={check} />
            <EventList />
          </div>
        )}
      </Answer>
    </Screen>
  )
}
