import { IconSchool } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import './practice-band.css'

/** Says at every moment that nothing here is real. */
export function PracticeBand() {
  const { t } = useTranslation()
  return (
    <section className="practice-band" aria-label={t('practice.band')}>
      <IconSchool size={18} aria-hidden="true" />
      <strong>{t('practice.band')}</strong>
      <span>{t('practice.bandText')}</span>
    </section>
  )
}
