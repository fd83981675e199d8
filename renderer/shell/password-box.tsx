import { Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { usePasswordBegin } from '../data/session.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PasswordField } from '../design/password-field.tsx'

/** Asks a person for the password before they work here. One Enter is one try. */
export function PasswordBox({ person, onClose }: { readonly person: PersonItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { tell, error, isPending } = usePasswordBegin(person.id)
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password === '' || isPending) return
    void tell(password)
    setPassword('')
  }
  return (
    <Dialog onClose={onClose} title={person.name}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {error && <ErrorBox notice={toNotice(error, t)} />}
          <PasswordField
            kind="password"
            data-autofocus
            label={t('password.label')}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <DialogButtons
            onClose={onClose}
            confirm={t('password.enter')}
            disabled={password === ''}
            loading={isPending}
          />
        </Stack>
      </form>
    </Dialog>
  )
}
