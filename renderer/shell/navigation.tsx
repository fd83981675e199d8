import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { type Route, routeHash } from './route.ts'
import { forRoles, LOOKING, PROGRAM, WORK } from './work-places.ts'

/** What this person's roles open. */
export function Navigation({
  person,
  route,
  waiting,
}: {
  readonly person: PersonItem
  readonly route: Route
  readonly waiting: number
}) {
  const { t } = useTranslation()
  const links = (places: typeof WORK) =>
    forRoles(places, person.roles).map(({ screen, icon: Picture, waits }) => (
      <a
        key={screen}
        href={routeHash({ screen })}
        title={t(`place.${screen}`)}
        {...(route.screen === screen ? { 'aria-current': 'page' } : {})}
      >
        <Picture size={20} stroke={1.6} aria-hidden="true" />
        <span className="navigation-name">{t(`place.${screen}`)}</span>
        {waits && waiting > 0 && (
          <span className="navigation-count">
            {waiting}
            <span className="visually-hidden">{t('shell.waiting')}</span>
          </span>
        )}
      </a>
    ))
  return (
    <nav className="navigation" aria-label={t('shell.navigation')}>
      {links(WORK)}
      <div className="navigation-group">{t('shell.looking')}</div>
      {links(LOOKING)}
      <div className="navigation-end" />
      {links(PROGRAM)}
    </nav>
  )
}
