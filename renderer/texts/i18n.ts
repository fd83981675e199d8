import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json' with { type: 'json' }
import vi from './vi.json' with { type: 'json' }

/** The texts of the page. Vietnamese first; English by setting. */
export async function startTexts(): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  })
  return i18next
}
