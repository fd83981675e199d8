import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficeItem } from '../../electron/api/contract/people.ts'
import { toNotice } from '../data/notice.ts'
import { useOffice, useSettingsActions } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** The name that stands on every certified copy: typed once at set-up, mended here. */
export function OfficeName({ administrator }: { readonly administrator: boolean }) {
  const { t } = useTranslation()
  const office = useOffice()
  return (
    <section className="card" aria-labelledby="office-name-title">
      <h2 id="office-name-title">{t('settings.officeName.title')}</h2>
      <Answer query={office}>{saved => <Field saved={saved} administrator={administrator} />}</Answer>
    </section>
  )
}

function Field({ saved, administrator }: { readonly saved: OfficeItem; readonly administrator: boolean }) {
  const { t } = useTranslation()
  const { renameOffice } = useSettingsActions()
  const [name, setName] = useState(saved.name)
  const typed = name.trim()
  const save = (event: FormEvent) => {
    event.preventDefault()
    renameOffice.mutate(typed)
  }
  return (
    <form onSubmit={save}>
      {renameOffice.error && <ErrorBox notice={toNotice(renameOffice.error, t)} />}
      <TextInput
        label={t('settings.officeName.label')}
        description={t('settings.officeName.note')}
        value={name}
        maxLength={300}
        disabled={!administrator}
        onChange={event => setName(event.currentTarget.value)}
      />
      {administrator && (
        <Button type="submit" mt="md" loading={renameOffice.isPending} disabled={typed === '' || typed === saved.name}>
          {t(renameOffice.isSuccess && typed === saved.name ? 'settings.saved' : 'general.save')}
        </Button>
      )}
    </form>
  )
}
