import { Button, FileButton } from '@mantine/core'
import { IconPhotoUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** A PNG picture from this PC; without a new one the old one stays. */
export function PictureChoice({
  label,
  picture,
  there,
  onChoose,
}: {
  readonly label: string
  readonly picture: File | null
  /** One is kept already. */
  readonly there: boolean
  /** Null: it may only be seen, not changed. */
  readonly onChoose: ((picture: File | null) => void) | null
}) {
  const { t } = useTranslation()
  return (
    <div>
      <div className="settings-label">{label}</div>
      <div className="settings-row">
        {onChoose && (
          <FileButton accept="image/png" onChange={onChoose}>
            {props => (
              <Button {...props} variant="default" leftSection={<IconPhotoUp size={18} />}>
                {t('settings.picture.choose')}
              </Button>
            )}
          </FileButton>
        )}
        <span className="quiet">{picture?.name ?? t(there ? 'settings.picture.there' : 'settings.picture.none')}</span>
      </div>
    </div>
  )
}
