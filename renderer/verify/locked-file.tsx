import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PasswordField } from '../design/password-field.tsx'

/** Asks for the password of a PDF that does not open without. One Enter is one try. */
export function LockedFile({
  name,
  isPending,
  onPassword,
}: {
  readonly name: string
  readonly isPending: boolean
  readonly onPassword: (password: string) => void
}) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password === '' || isPending) return
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
        <Button type="submit" disabled={password === ''} loading={isPending}>
          {t('verify.open')}
        </Button>
      </Stack>
    </form>
  )
}
