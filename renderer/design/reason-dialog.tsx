import { Chip, Group, Stack, Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { Dialog } from './dialog.tsx'
import { DialogButtons } from './dialog-buttons.tsx'
import { ErrorBox } from './error-notice.tsx'

/** Asks for a reason in words before something is done; frequent reasons are one press. */
export function ReasonDialog({
  title,
  subject,
  text,
  label,
  suggestions = [],
  confirm,
  action,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string
  readonly subject: string
  readonly text: string
  readonly label: string
  readonly suggestions?: readonly string[]
  readonly confirm: string
  readonly action: { readonly isPending: boolean; readonly error: unknown }
  readonly onConfirm: (reason: string) => void
  readonly onClose: () => void
  readonly children?: ReactNode
}) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <Stack gap="sm">
        <strong>{subject}</strong>
        <p className="quiet">{text}</p>
        {action.error !== null && <ErrorBox notice={toNotice(action.error, t)} />}
        {children}
        <Textarea
          label={label}
          required
          data-autofocus
          autosize
          minRows={3}
          maxRows={8}
          maxLength={1000}
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
        />
        {suggestions.length > 0 && (
          <Group gap="xs">
            {suggestions.map(suggestion => (
              <Chip key={suggestion} size="xs" checked={reason === suggestion} onChange={() => setReason(suggestion)}>
                {suggestion}
              </Chip>
            ))}
          </Group>
        )}
        <DialogButtons
          onClose={onClose}
          confirm={confirm}
          onConfirm={() => onConfirm(reason.trim())}
          disabled={reason.trim() === ''}
          loading={action.isPending}
        />
      </Stack>
    </Dialog>
  )
}
