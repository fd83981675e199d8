import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locked } from '../data/verify.ts'
import { PasswordField } from '../design/password-field.tsx'

/**
 * Asks for the password of a PDF that does not open without. One Enter is one try; what was typed stays in its field, and only there, until it
 * opens the file.
 */
export function LockedFile({
  locked: { file, notice },
  trying,
  onPassword,
  onStop,
}: {
  readonly locked: Locked
  readonly trying: boolean
  readonly onPassword: (password: string) => void
  readonly onStop: () => void
}) {
  const { t } = useTranslation()
  const [empty, setEmpty] = useState(true)
  /** Since the last try. */
  const [changed, setChanged] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const input = field.current
    return () => {
      if (input) input.value = ''
    }
  }, [])
  useEffect(() => {
    if (trying) return
    field.current?.focus()
    field.current?.select()
  }, [trying])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (empty || trying) return
    setChanged(false)
    onPassword(field.current?.value ?? '')
  }
  const words = `${notice.what} ${notice.todo}`
  const wrong = notice.code === 'pdf-password-wrong'
  return (
    <form className="card verify-locked" onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <strong className="verify-file">{file.name}</strong>
        <PasswordField
          kind="password"
          ref={field}
          label={t('verify.password')}
          {...(wrong ? {} : { description: words })}
          error={wrong && !changed && !trying && words}
          readOnly={trying}
          onChange={event => {
            setEmpty(event.currentTarget.value === '')
            setChanged(true)
          }}
        />
        <Group>
          <Button type="submit" disabled={empty} loading={trying}>
            {t('verify.open')}
          </Button>
          {trying && <StopButton onStop={onStop} />}
        </Group>
      </Stack>
    </form>
  )
}

export function StopButton({ onStop }: { readonly onStop: () => void }) {
  const { t } = useTranslation()
  return (
    <Button variant="default" onClick={onStop}>
      {t('verify.stop')}
    </Button>
  )
}
