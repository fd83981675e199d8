import { useTranslation } from 'react-i18next'
import { day } from '../data/format.ts'
import { useTokens } from '../data/signing.ts'

/** Certificates on the tokens that are plugged in, to choose from; the one linked now stays choosable without its token. */
export function useCertificateChoices(
  look: boolean,
  linked: string | null,
): { readonly value: string; readonly label: string }[] {
  const { t, i18n } = useTranslation()
  const tokens = useTokens(look)
  // The same token may be seen through two modules.
  const found = new Map(
    tokens.data?.tokens
      .flatMap(token => token.certificates)
      .map(each => [
        each.sha256,
        t('settings.person.certificateOption', { name: each.commonName, day: day(each.validUntil, i18n.language) }),
      ]),
  )
  if (linked && !found.has(linked))
    found.set(linked, t('settings.person.certificateKnown', { start: linked.slice(0, 8) }))
  return [...found].map(([value, label]) => ({ value, label }))
}
