import type { inferRouterOutputs } from '@trpc/server'
import { useTranslation } from 'react-i18next'
import type { DeskRouter } from '../../electron/api/router.ts'
import { money } from '../data/format.ts'
import { routeHash } from '../shell/route.ts'

type Row = inferRouterOutputs<DeskRouter>['register']['rows'][number]

/** The form's eight columns, as the printed register has them. */
export function RegisterTable({ rows }: { readonly rows: readonly Row[] }) {
  const { t, i18n } = useTranslation()
  const number = (row: Row) =>
    row.state === 'void' || row.copyId === null ? (
      row.number
    ) : (
      <a href={routeHash({ screen: 'copy', copyId: row.copyId })}>{row.number}</a>
    )
  return (
    <table className="register-table">
      <caption className="visually-hidden">{t('register.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('register.columns.number')}</th>
          <th scope="col">{t('register.columns.date')}</th>
          <th scope="col">{t('register.columns.requester')}</th>
          <th scope="col">{t('register.columns.title')}</th>
          <th scope="col">{t('register.columns.signer')}</th>
          <th scope="col" className="register-figure">
            {t('register.columns.copies')}
          </th>
          <th scope="col" className="register-figure">
            {t('register.columns.fee')}
          </th>
          <th scope="col">{t('register.columns.note')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={`${row.book} ${row.number}`} data-state={row.state}>
            <td>{number(row)}</td>
            <td>{row.date.split('-').reverse().join('/')}</td>
            <td>{row.requesterName}</td>
            <td>{row.title}</td>
            <td>{row.signer}</td>
            <td className="register-figure">{row.copyCount}</td>
            <td className="register-figure">{money(row.fee, i18n.language)}</td>
            <td>
              {row.state !== 'certified' && <strong>{t(`register.states.${row.state}`)} </strong>}
              {row.note}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
