import { Checkbox, Group, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../electron/api/contract/requests.ts'
import { clockTime, isoDay } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { type ExtensionReason, useRequestActions } from '../data/requests.ts'
import { DayInput, HourInput } from '../design/day-input.tsx'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

const REASONS = [
  'many-kinds',
  'many-pages',
  'many-copies',
  'hard-to-compare',
] as const satisfies readonly ExtensionReason[]

/** Vietnam keeps one time all year round. */
const OFFSET = '+07:00'

/** More time, with its reason; more than two working days need the requester's written agreement. */
export function ExtendDialog({ request, onClose }: { readonly request: RequestItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { extend } = useRequestActions()
  const [reason, setReason] = useState<ExtensionReason>('many-pages')
  // Begins at what was promised already: never earlier.
  const [day, setDay] = useState<string | null>(isoDay(new Date(request.dueAt)))
  const [hour, setHour] = useState(clockTime(request.dueAt, 'vi'))
  const [writtenAgreement, setWrittenAgreement] = useState(false)
  const dueAt = new Date(`${day}T${hour}:00${OFFSET}`)
  return (
    <Dialog onClose={onClose} title={t('extend.title')}>
      <Stack gap="sm">
        {extend.error && <ErrorBox notice={toNotice(extend.error, t)} />}
        <Select
          data-autofocus
          label={t('extend.reason')}
          data={REASONS.map(value => ({ value, label: t(`extend.reasons.${value}`) }))}
          value={reason}
          onChange={value => setReason(REASONS.find(each => each === value) ?? reason)}
        />
        <Group grow align="start">
          <DayInput label={t('extend.day')} value={day} onChange={setDay} />
          <HourInput label={t('extend.hour')} value={hour} onChange={setHour} />
        </Group>
        <Checkbox
          label={t('extend.agreement')}
          checked={writtenAgreement}
          onChange={event => setWrittenAgreement(event.currentTarget.checked)}
        />
        <p className="quiet">{t('extend.note')}</p>
        <DialogButtons
          onClose={onClose}
          confirm={t('extend.button')}
          onConfirm={() =>
            extend.mutate(
              { requestId: request.id, dueAt: dueAt.toISOString(), reason, writtenAgreement },
              { onSuccess: onClose },
            )
          }
          disabled={Number.isNaN(dueAt.getTime())}
          loading={extend.isPending}
        />
      </Stack>
    </Dialog>
  )
}
