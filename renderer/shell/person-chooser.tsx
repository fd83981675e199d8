import { Avatar } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem, SessionState } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useSessionActions, useSessionPeople } from '../data/session.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { offerFocus } from '../design/offer-focus.ts'
import { Emblem } from './emblem.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { LeavePractice } from './leave-practice.tsx'
import { PasswordBox } from './password-box.tsx'
import { PracticeBand } from './practice-band.tsx'
import './start.css'

/** Who works at this window now. */
export function PersonChooser({ office }: { readonly office: NonNullable<SessionState['office']> }) {
  const { t } = useTranslation()
  const people = useSessionPeople()
  const { begin } = useSessionActions()
  const [asked, setAsked] = useState<PersonItem | null>(null)
  return (
    <>
      {office.practice && <PracticeBand />}
      <main className="start">
        <header className="start-head">
          <Emblem size={44} />
          <div>
            <h1>{t('chooser.title')}</h1>
            <p className="quiet">{office.name}</p>
          </div>
          <LanguageSwitch />
        </header>
        {begin.error && <ErrorBox notice={toNotice(begin.error, t)} />}
        <Answer query={people}>
          {all => (
            <ul className="people">
              {usualFirst(all).map((person, index) => (
                <li key={person.id}>
                  <button
                    type="button"
                    className="person"
                    ref={index === 0 ? offerFocus : null}
                    onClick={() => (person.hasPassword ? setAsked(person) : begin.mutate(person.id))}
                  >
                    <Avatar color="blue" radius="xl" aria-hidden="true">
                      {initials(person.name)}
                    </Avatar>
                    <span>
                      <strong>{person.name}</strong>
                      <span className="quiet">{person.roles.map(role => t(`role.${role}`)).join(' · ')}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Answer>
        {office.practice && <LeavePractice />}
        {asked && <PasswordBox person={asked} onClose={() => setAsked(null)} />}
      </main>
    </>
  )
}

/** Who works here every day, then who only administers: Enter begins with the first. */
const usualFirst = (people: readonly PersonItem[]): readonly PersonItem[] =>
  people.toSorted((a, b) => Number(a.roles.join() === 'admin') - Number(b.roles.join() === 'admin'))

/** Vietnamese names end with the given name: first and last word. "(mẫu)" and the like are no part of a name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(word => /^\p{L}/u.test(word))
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`
}
