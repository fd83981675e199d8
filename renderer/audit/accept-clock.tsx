import { Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClockItem } from '../../electron/api/contract/clock.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useAcceptClock, useAuthorityTime } from '../data/clock.ts'
import { dayAndTime } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import './clock.css'

/**
 * The PC's time beside what the office has seen, and the word of a person that it is right: after a long closing of whoever works, after a clock
 * that ran ahead of the administrator, with the reason.
 */
export function AcceptClock({
  clock,
  person,
  onClose,
}: {
  readonly clock: ClockItem
  readonly person: PersonItem
  readonly onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const authority = useAuthorityTime()
  const accept = useAcceptClock()
  const [reason, setReason] = useState('')
  const goesBack = clock.verdict === 'went-back'
  const mayAccept = !goesBack || person.roles.includes('admin')
  const written = (time: string) => dayAndTime(time, i18n.language)
  const witness = authority.isPending
    ? t('clock.asking')
    : authority.data
      ? written(authority.data)
      : t('clock.noAnswer')
  return (
    <Dialog onClose={onClose} title={t('clock.title')}>
      <Stack gap="sm">
        {accept.error && <ErrorBox notice={toNotice(accept.error, t)} />}
        <p>{t(`clock.text.${clock.verdict}`)}</p>
        <dl className="clock-times">
          <dt>{t('clock.now')}</dt>
          <dd>
            <strong>{written(clock.now)}</strong>
          </dd>
          <dt>{t('clock.last')}</dt>
          <dd>{written(clock.last)}</dd>
          <dt>{t('clock.authority')}</dt>
          <dd>{witness}</dd>
        </dl>
        {goesBack && mayAccept && (
          <Textarea
            data-autofocus
            label={t('clock.reason')}
            required
            autosize
            minRows={2}
            maxLength={1000}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
        )}
        {!mayAccept && <p className="quiet">{t('clock.onlyAdministrator')}</p>}
        <DialogButtons
          onClose={onClose}
          confirm={t('clock.confirm', { now: written(clock.now) })}
          onConfirm={() => accept.mutate(goesBack ? reason.trim() : null, { onSuccess: onClose })}
          disabled={!mayAccept || (goesBack && reason.trim() === '')}
          loading={accept.isPending}
        />
      </Stack>
    </Dialog>
  )
}
