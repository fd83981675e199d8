import { useTranslation } from 'react-i18next'
import './making-practice.css'

/** What takes so long, where the practice office is being made: keys and tokens of its own, some seconds. Where it is there already, nobody sees this. */
export function MakingPractice({ pending }: { readonly pending: boolean }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="quiet making-practice">
      {pending && <span>{t('practice.making')}</span>}
    </p>
  )
}
