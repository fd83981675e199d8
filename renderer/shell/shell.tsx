import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem, SessionState } from '../../electron/api/contract/session.ts'
import { ClockNotice } from '../audit/clock-notice.tsx'
import { useWork } from '../data/use-work.ts'
import { ErrorBoundary } from '../design/error-boundary.tsx'
import { BackupWarning } from './backup-warning.tsx'
import { Navigation } from './navigation.tsx'
import { PracticeBand } from './practice-band.tsx'
import { go, parseRoute, useHash } from './route.ts'
import { ScreenOf } from './screen-of.tsx'
import { ShortcutList } from './shortcut-list.tsx'
import { TopBar } from './top-bar.tsx'
import { useArrivals } from './use-arrivals.ts'
import { useShortcut } from './use-shortcut.ts'
import { homeOf } from './work-places.ts'
import './shell.css'

/** The desk of one person: what is there on the left, where the person is on the right. */
export function Shell({
  office,
  person,
}: {
  readonly office: NonNullable<SessionState['office']>
  readonly person: PersonItem
}) {
  const { t } = useTranslation()
  const work = useWork()
  useArrivals(work)
  const home = homeOf(person.roles)
  const route = parseRoute(useHash()) ?? { screen: home }

  useEffect(() => {
    document.title = work.waiting > 0 ? t('shell.titleWaiting', { n: work.waiting }) : t('shell.title')
  }, [work.waiting, t])
  useShortcut('search', () => document.getElementById('search')?.focus())
  useShortcut('firstScreen', () => go({ screen: home }))

  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('screen')?.focus()}>
        {t('shell.skip')}
      </button>
      {office.practice && <PracticeBand />}
      <ClockNotice person={person} />
      <TopBar office={office} person={person} searched={route.screen === 'search' ? route.text : ''} />
      {route.screen === home && <BackupWarning administrator={person.roles.includes('admin')} />}
      <div className="shell-middle">
        <Navigation person={person} route={route} waiting={work.waiting} />
        <div id="screen" className="shell-screen" tabIndex={-1}>
          <ErrorBoundary key={route.screen === 'copy' ? route.copyId : route.screen}>
            <ScreenOf route={route} person={person} />
          </ErrorBoundary>
        </div>
      </div>
      <ShortcutList />
    </div>
  )
}
