import { Button } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { usePeople } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { PersonDialog } from './person-dialog.tsx'

/** Who works in this office, with which roles. */
export function PeopleSettings({
  worker,
  administrator,
}: {
  /** Who works at this window. */
  readonly worker: PersonItem
  readonly administrator: boolean
}) {
  const { t } = useTranslation()
  const people = usePeople()
  const [locked, setLocked] = useState<PersonItem | null>(null)
  const [edited, setEdited] = useState<PersonItem | 'new' | null>(null)
  return (
    <section className="card" aria-labelledby="people-title">
      <h2 id="people-title">{t('settings.people')}</h2>
      <Answer query={people}>
        {all => (
          <table className="settings-people">
            <thead>
              <tr>
                <th scope="col">{t('settings.person.name')}</th>
                <th scope="col">{t('settings.person.roles')}</th>
                <th scope="col">{t('settings.person.certificate')}</th>
                {administrator && <td />}
              </tr>
            </thead>
            <tbody>
              {all.map(person => (
                <tr key={person.id}>
                  <td>
                    {person.name}
                    {!person.active && <span className="quiet"> · {t('settings.person.inactive')}</span>}
                  </td>
                  <td>{person.roles.map(role => t(`role.${role}`)).join(', ')}</td>
                  <td>
                    {person.certificateSha256
                      ? t('settings.person.certificateKnown', { start: person.certificateSha256.slice(0, 8) })
                      : t('settings.person.certificateNone')}
                  </td>
                  {administrator && (
                    <td>
                      <Button
                        size="xs"
                        variant="subtle"
                        aria-label={t('settings.person.changeNamed', { name: person.name })}
                        onClick={() => setEdited(person)}
                      >
                        {t('settings.person.change')}
                      </Button>
                      <Button
                        size="xs"
                        variant="subtle"
                        aria-label={t('settings.person.passwordNamed', { name: person.name })}
                        onClick={() => setLocked(person)}
                      >
                        {t('settings.person.password')}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {administrator && (
        <div>
          <Button variant="default" leftSection={<IconUserPlus size={18} />} onClick={() => setEdited('new')}>
            {t('settings.person.add')}
          </Button>
        </div>
      )}
      {locked && <PasswordDialog person={locked} own={locked.id === worker.id} onClose={() => setLocked(null)} />}
      {edited && <PersonDialog person={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </section>
  )
}
