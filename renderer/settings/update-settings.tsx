import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UpdateNews, UpdatesPossible } from '../../electron/api/contract/settings.ts'
import { toNotice } from '../data/notice.ts'
import { useSettingsActions, useUpdateFeed } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { lookOf } from './look-of.ts'

/** Where newer programs come from. Off until the administration names an address. */
export function UpdateSettings({ changeable }: { readonly changeable: boolean }) {
  const { t } = useTranslation()
  const feed = useUpdateFeed()
  return (
    <section className="card" aria-labelledby="update-title">
      <h2 id="update-title">{t('settings.update.title')}</h2>
      <Answer query={feed}>{saved => <Fields {...saved} changeable={changeable} />}</Answer>
    </section>
  )
}

interface FieldsProps {
  readonly feed: string | null
  readonly possible: UpdatesPossible
  readonly changeable: boolean
}

function Fields({ feed, possible, changeable }: FieldsProps) {
  const { t } = useTranslation()
  const { changeUpdateFeed, lookForUpdate } = useSettingsActions()
  const [address, setAddress] = useState(feed ?? '')
  const error = changeUpdateFeed.error ?? lookForUpdate.error
  const shown: UpdateNews | undefined =
    possible !== 'yes' ? { kind: possible } : feed === null ? { kind: 'off' } : lookForUpdate.data
  const save = (event: FormEvent) => {
    event.preventDefault()
    // Enter in the only field submits, whether there is a button or not.
    if (!changeable) return
    lookForUpdate.reset()
    changeUpdateFeed.mutate(address.trim() || null)
  }
  return (
    <form onSubmit={save}>
      {error && <ErrorBox notice={toNotice(error, t)} />}
      <TextInput
        label={t('settings.update.feed')}
        description={t('settings.update.feedNote')}
        type="url"
        {...lookOf(changeable)}
        value={address}
        onChange={event => setAddress(event.currentTarget.value)}
      />
      <div className="settings-row settings-end">
        {changeable && (
          <Button type="submit" loading={changeUpdateFeed.isPending}>
            {t('general.save')}
          </Button>
        )}
        <Button
          variant="default"
          disabled={feed === null || possible !== 'yes'}
          loading={lookForUpdate.isPending}
          onClick={() => lookForUpdate.mutate()}
        >
          {t('settings.update.look')}
        </Button>
        <span role="status" className="quiet">
          {shown && t(`settings.update.${shown.kind}`, 'version' in shown ? { version: shown.version } : {})}
        </span>
      </div>
    </form>
  )
}
