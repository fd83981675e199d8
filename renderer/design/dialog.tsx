import { Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import './dialog.css'

/** The frame of every dialog. It opens and closes at once: a key pressed right after belongs to the screen again. */
export function Dialog({
  title,
  onClose,
  size = 'lg',
  fullScreen = false,
  closable = true,
  children,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly size?: 'md' | 'lg' | 'xl' | '80rem'
  readonly fullScreen?: boolean
  /** False while work is under way that must be ended in order. */
  readonly closable?: boolean
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const [before] = useState(() => document.activeElement)
  useEffect(() => () => focusAgain(before), [before])
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={size}
      fullScreen={fullScreen}
      closeOnEscape={closable}
      closeOnClickOutside={false}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title className="dialog-title">{title}</Modal.Title>
          {closable && <Modal.CloseButton aria-label={t('general.close')} />}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Where the focus was; the list's next row, or the screen's name, when that place is gone. */
function focusAgain(place: Element | null): void {
  const target =
    place?.isConnected && place !== document.body
      ? place
      : (document.querySelector('.copy-table tbody tr[tabindex="0"]') ?? document.getElementById('screen-title'))
  if (target instanceof HTMLElement) target.focus()
}
