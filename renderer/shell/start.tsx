import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession, useSessionPeople } from '../data/session.ts'
import { useChanges } from '../data/use-changes.ts'
import { Answer } from '../design/answer.tsx'
import { FirstStart } from './first-start.tsx'
import { HelpProvider } from './help.tsx'
import { PersonChooser } from './person-chooser.tsx'

const readShell = () => import('./shell.tsx')
/** The desk itself, a good half of the program: read while somebody says who works here. */
const Shell = lazy(async () => ({ default: (await readShell()).Shell }))

/** No office yet: set-up or practice. Nobody chosen: who works here. Else the desk itself. */
export function Start() {
  useChanges()
  const session = useSession()
  // Asked together with who works here, for the choice that mostly follows.
  useSessionPeople()
  const { i18n } = useTranslation()
  const language = session.data?.language
  useEffect(() => {
    if (!language) return
    document.documentElement.lang = language
    void i18n.changeLanguage(language)
  }, [language, i18n])
  useEffect(() => {
    const reading = requestIdleCallback(() => void readShell())
    return () => cancelIdleCallback(reading)
  }, [])
  return (
    <Answer query={session}>
      {({ office, person }) =>
        !office ? (
          <FirstStart />
        ) : !person ? (
          <PersonChooser office={office} />
        ) : (
          <HelpProvider key={person.id}>
            <Suspense>
              <Shell office={office} person={person} />
            </Suspense>
          </HelpProvider>
        )
      }
    </Answer>
  )
}
