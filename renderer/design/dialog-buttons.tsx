import { Button, type ButtonProps, Group } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Action } from './action.tsx'

interface DialogButtonsProps extends Pick<ButtonProps, 'disabled' | 'loading' | 'color'> {
  readonly onClose: () => void
  /** False while the dialog cannot be left. */
  readonly closable?: boolean
  /** What the dialog is about, in words. */
  readonly confirm: string
  /** Left out where the button sends the dialog's form, with Enter alone. */
  readonly onConfirm?: () => void
  /** The button with the thing to do, where it sends the form. */
  readonly confirmRef?: Ref<HTMLButtonElement>
  /** A third way before both. */
  readonly children?: ReactNode
}

/** The last line of a dialog: the way out, and the thing to do. */
export function DialogButtons({
  onClose,
  closable = true,
  confirm,
  onConfirm,
  confirmRef,
  children,
  ...button
}: DialogButtonsProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end">
      {children}
      <Action variant="default" disabled={!closable} onAct={onClose}>
        {t('general.cancel')}
      </Action>
      {onConfirm ? (
        <Action {...button} shortcut="mainAction" inDialog onAct={onConfirm}>
          {confirm}
        </Action>
      ) : (
        <Button {...button} type="submit" ref={confirmRef}>
          {confirm}
        </Button>
      )}
    </Group>
  )
}
