import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSessionActions } from '../data/session.ts'

/** Languages name themselves, so that each is found by who reads it. */
export const LANGUAGES = [
  { value: 'vi', label: 'Tiếng Việt' },
  { value: 'en', label: 'English' },
] as const

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const { setLanguage } = useSessionActions()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('settings.language')}
      data={LANGUAGES.map(language => ({ ...language }))}
      value={i18n.language === 'en' ? 'en' : 'vi'}
      onChange={language => setLanguage.mutate(language === 'en' ? 'en' : 'vi')}
    />
  )
}
