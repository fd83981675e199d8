import { type DragEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')

/** Files let go over it are taken; the same can be done with the button beside the scanner. */
export function DropZone({
  disabled,
  onFiles,
  children,
}: {
  readonly disabled: boolean
  readonly onFiles: (files: readonly File[]) => void
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a mouse's way; the keyboard has the button "files"
    <div
      className="drop-zone"
      onDragOver={event => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = disabled ? 'none' : 'copy'
        setOver(!disabled)
      }}
      onDragLeave={event => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) setOver(false)
      }}
      onDrop={event => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        setOver(false)
        if (!disabled) onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
      {over && <div className="drop-here">{t('scan.dropHere')}</div>}
    </div>
  )
}
