import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useSessionActions } from '../data/session.ts'
import { Action } from '../design/action.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Asks a person for the password before they work here. One Enter is one try. */
export function PasswordBox({ person, onClose }: { readonly person: PersonItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { begin } = useSessionActions()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password === '' || begin.isPending) return
    begin.mutate({ personId: person.id, password })
    setPassword('')
  }
  return (
    <Dialog onClose={onClose} title={person.name}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {begin.error && <ErrorBox notice={toNotice(begin.error, t)} />}
          <PasswordInput
            data-autofocus
            label={t('password.label')}
            autoComplete="off"
            maxLength={200}
            visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Action variant="default" onAct={onClose}>
              {t('general.cancel')}
            </Action>
            <Button type="submit" disabled={password === ''} loading={begin.isPending}>
              {t('password.enter')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
