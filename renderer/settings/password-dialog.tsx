import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useSetPassword } from '../data/settings.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PasswordField } from '../design/password-field.tsx'

/** A new password, one's own or another's as administrator, or none any more. The typed ones are kept nowhere. */
export function PasswordDialog({
  person,
  own,
  onClose,
}: {
  readonly person: PersonItem
  readonly own: boolean
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const { tell, error, isPending } = useSetPassword(person.id)
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const asksCurrent = own && person.hasPassword
  const missingCurrent = asksCurrent && current === ''
  const unusable = next === '' || next !== again || missingCurrent
  const change = async (to: string | null) => {
    if (await tell({ current: asksCurrent ? current : null, next: to })) onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!unusable && !isPending) void change(next)
  }
  return (
    <Dialog onClose={onClose} title={t('password.title', { name: person.name })}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {error && <ErrorBox notice={toNotice(error, t)} />}
          <p className="quiet">{t('password.note')}</p>
          {asksCurrent && (
            <PasswordField
              kind="password"
              data-autofocus
              label={t('password.current')}
              value={current}
              onChange={event => setCurrent(event.currentTarget.value)}
            />
          )}
          <PasswordField
            kind="password"
            {...(asksCurrent ? {} : { 'data-autofocus': true })}
            label={t('password.next')}
            value={next}
            onChange={event => setNext(event.currentTarget.value)}
          />
          <PasswordField
            kind="password"
            label={t('password.again')}
            value={again}
            error={again !== '' && next !== again && t('password.differs')}
            onChange={event => setAgain(event.currentTarget.value)}
          />
          <DialogButtons onClose={onClose} confirm={t('general.save')} disabled={unusable} loading={isPending}>
            {person.hasPassword && (
              <Button
                variant="subtle"
                color="red"
                mr="auto"
                disabled={missingCurrent || isPending}
                onClick={() => void change(null)}
              >
                {t('password.remove')}
              </Button>
            )}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  )
}
