import { Group, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useSettingsActions } from '../data/settings.ts'
import { Action } from '../design/action.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** A new password, one's own or another's as administrator; an empty one takes it away. The typed ones are kept nowhere. */
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
  const { setPassword } = useSettingsActions()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const asksCurrent = own && person.hasPassword
  const differs = again !== '' && next !== again
  const save = () =>
    setPassword.mutate(
      { personId: person.id, current: asksCurrent ? current : null, next: next || null },
      { onSuccess: onClose },
    )
  return (
    <Dialog onClose={onClose} title={t('password.title', { name: person.name })}>
      <Stack gap="sm">
        {setPassword.error && <ErrorBox notice={toNotice(setPassword.error, t)} />}
        <p className="quiet">{t('password.note')}</p>
        {asksCurrent && (
          <PasswordInput
            data-autofocus
            label={t('password.current')}
            autoComplete="off"
            maxLength={200}
            visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
            value={current}
            onChange={event => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          {...(asksCurrent ? {} : { 'data-autofocus': true })}
          label={t('password.next')}
          description={person.hasPassword ? t('password.nextNote') : undefined}
          autoComplete="off"
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          value={next}
          onChange={event => setNext(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password.again')}
          autoComplete="off"
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
          value={again}
          error={differs && t('password.differs')}
          onChange={event => setAgain(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Action variant="default" onAct={onClose}>
            {t('general.cancel')}
          </Action>
          <Action
            shortcut="mainAction"
            inDialog
            disabled={next !== again || (next === '' && !person.hasPassword)}
            loading={setPassword.isPending}
            onAct={save}
          >
            {t('general.save')}
          </Action>
        </Group>
      </Stack>
    </Dialog>
  )
}
