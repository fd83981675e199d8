import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json' with { type: 'json' }
import vi from './vi.json' with { type: 'json' }

/** The texts of the page. Vietnamese first; English by setting. */
export function startTexts(): i18n {
  void i18next.use(initReactI18next).init({
    // All texts are here already: nothing to wait for.
    initAsync: false,
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  })
  return i18next
}
