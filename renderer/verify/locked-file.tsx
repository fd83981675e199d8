import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PasswordField } from '../design/password-field.tsx'

/** Asks for the password of a PDF that does not open without. One Enter is one try; meanwhile it is gone. */
export function LockedFile({
  name,
  onPassword,
}: {
  readonly name: string
  readonly onPassword: (password: string) => void
}) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password === '') return
    onPassword(password)
    setPassword('')
  }
  return (
    <form className="card verify-locked" onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <strong className="verify-file">{name}</strong>
        <PasswordField
          kind="password"
          autoFocus
          label={t('verify.password')}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" disabled={password === ''}>
          {t('verify.open')}
        </Button>
      </Stack>
    </form>
  )
}
