import { IconSchool } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import './practice-band.css'

/** Says at every moment that nothing here is real. */
export function PracticeBand() {
  const { t } = useTranslation()
  return (
    <div className="practice-band" role="note">
      <IconSchool size={18} aria-hidden="true" />
      <strong>{t('practice.band')}</strong>
      <span>{t('practice.bandText')}</span>
    </div>
  )
}
