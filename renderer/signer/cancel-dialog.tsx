import { Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { useCopyActions } from '../data/copies.ts'
import { isoDay } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { DayInput } from '../design/day-input.tsx'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Takes away a wrong copy's legal value by a decision; nothing is deleted. */
export function CancelDialog({ copy, onClose }: { readonly copy: CopyItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { cancel } = useCopyActions()
  const [number, setNumber] = useState('')
  const [date, setDate] = useState<string | null>(isoDay(new Date()))
  return (
    <Dialog onClose={onClose} title={t('cancelCopy.title')}>
      <Stack gap="sm">
        <strong>{copy.title}</strong>
        <p className="quiet">{t('cancelCopy.text')}</p>
        {cancel.error && <ErrorBox notice={toNotice(cancel.error, t)} />}
        <TextInput
          data-autofocus
          label={t('cancelCopy.number')}
          required
          maxLength={100}
          value={number}
          onChange={event => setNumber(event.currentTarget.value)}
        />
        <DayInput label={t('cancelCopy.date')} value={date} onChange={setDate} />
        <DialogButtons
          onClose={onClose}
          confirm={t('cancelCopy.button')}
          onConfirm={() =>
            date !== null && cancel.mutate({ copy, decision: { number: number.trim(), date } }, { onSuccess: onClose })
          }
          color="red"
          disabled={number.trim() === '' || date === null}
          loading={cancel.isPending}
        />
      </Stack>
    </Dialog>
  )
}
