import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconListCheck } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalEvent, JournalFilter } from '../../electron/api/contract/journal.ts'
import { clockTime, isoDay, longDay } from '../data/format.ts'
import { useJournalEvents } from '../data/journal.ts'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { routeHash } from '../shell/route.ts'
import { EventFilter } from './event-filter.tsx'
import { eventSentence } from './event-sentence.ts'

/** What was done, the newest first, a page at a time: a journal of years has more events than a window should hold. */
export function EventList() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<JournalFilter>({})
  /** Where each page that was turned begins; the newest page is none of them. */
  const [turned, setTurned] = useState<readonly number[]>([])
  const page = useJournalEvents(filter, turned.at(-1) ?? null)
  const heading = useRef<HTMLHeadingElement>(null)
  const turn = (to: readonly number[]) => {
    setTurned(to)
    heading.current?.focus()
  }
  return (
    <section className="journal-events not-on-paper" aria-labelledby="journal-events">
      <h2 id="journal-events" ref={heading} tabIndex={-1}>
        {t('journal.events')}
      </h2>
      <EventFilter
        filter={filter}
        onChange={next => {
          setFilter(next)
          setTurned([])
        }}
      />
      <Answer query={page}>
        {({ events, more }) => (
          <>
            {events.length === 0 ? (
              <EmptyState icon={IconListCheck} title={t('journal.nothing')} text={t('journal.nothingText')} />
            ) : (
              <Days events={events} />
            )}
            <Group justify="space-between">
              <Button
                variant="default"
                leftSection={<IconChevronLeft size={18} />}
                disabled={turned.length === 0}
                onClick={() => turn(turned.slice(0, -1))}
              >
                {t('journal.newer')}
              </Button>
              <Button
                variant="default"
                rightSection={<IconChevronRight size={18} />}
                disabled={!more}
                onClick={() => turn([...turned, events.at(-1)?.sequence ?? 1])}
              >
                {t('journal.older')}
              </Button>
            </Group>
          </>
        )}
      </Answer>
    </section>
  )
}

function Days({ events }: { readonly events: readonly JournalEvent[] }) {
  const { i18n } = useTranslation()
  const days = Map.groupBy(events, ({ at }) => isoDay(new Date(at)))
  return [...days].map(([day, ofDay]) => (
    <section key={day} className="journal-day" aria-labelledby={`journal-${day}`}>
      <h3 id={`journal-${day}`}>{longDay(new Date(`${day}T12:00:00+07:00`), i18n.language)}</h3>
      <ol>
        {ofDay.map(event => (
          <EventLine key={event.sequence} event={event} />
        ))}
      </ol>
    </section>
  ))
}

function EventLine({ event }: { readonly event: JournalEvent }) {
  const { t, i18n } = useTranslation()
  const { sequence, at, personName, unproven, about } = event
  const sentence = eventSentence(event, t)
  return (
    <li>
      <time dateTime={at}>{clockTime(at, i18n.language)}</time>
      <div>
        {about.kind === 'copy' ? (
          <a href={routeHash({ screen: 'copy', copyId: about.copyId })}>{sentence}</a>
        ) : (
          sentence
        )}
        {about.kind === 'copy' && about.number !== null && <div className="quiet">{about.title}</div>}
      </div>
      <span>
        {personName ?? t('journal.program')}
        {unproven && <span className="quiet"> {t('journal.unproven')}</span>}
      </span>
      <span className="quiet journal-sequence">
        <span className="visually-hidden">{t('journal.sequence')} </span>
        {sequence}
      </span>
    </li>
  )
}
