import { Anchor, Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../electron/api/contract/requests.ts'
import { PrintDialog } from '../copies/print-dialog.tsx'
import { clockTime, day, dayAndTime } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { useRequestActions } from '../data/requests.ts'
import { ErrorBox } from '../design/error-notice.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { routeHash } from '../shell/route.ts'

/** Who asked, when, until when, and the other papers of the same request. */
export function RequestCard({ request, copyId }: { readonly request: RequestItem; readonly copyId: string }) {
  const { t, i18n } = useTranslation()
  const { requester } = request
  const { printReceipt } = useRequestActions()
  const facts: readonly (readonly [string, string | null])[] = [
    [t('request.requester'), requester.name],
    [t('request.personalNumber'), requester.personalNumber],
    [t('request.phone'), requester.phone],
    [t('request.email'), requester.email],
    [
      t('request.receivedAt'),
      t('request.receivedBy', { time: dayAndTime(request.receivedAt, i18n.language), name: request.receivedBy }),
    ],
  ]
  const others = request.copies.filter(copy => copy.id !== copyId)
  return (
    <section className="card" aria-labelledby="request-title">
      <h2 id="request-title">{t('request.card')}</h2>
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className="fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {request.appointmentNeeded && (
        <p className="request-appointment">
          {t('request.appointment', {
            time: clockTime(request.dueAt, i18n.language),
            day: day(request.dueAt, i18n.language),
          })}
        </p>
      )}
      {printReceipt.error && <ErrorBox notice={toNotice(printReceipt.error, t)} />}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={16} />}
          loading={printReceipt.isPending}
          onClick={() => printReceipt.mutate(request.id)}
        >
          {t('receipt.print')}
        </Button>
      </div>
      {printReceipt.data && (
        <PrintDialog
          onClose={printReceipt.reset}
          title={t('receipt.title')}
          label={t('receipt.title')}
          pdf={{ url: printReceipt.data.pdf, saveAs: `giay-hen-${request.id.slice(-12)}.pdf`, words: t('receipt.pdf') }}
        />
      )}
      {others.length > 0 && (
        <>
          <h3>{t('request.others')}</h3>
          <ul className="other-copies">
            {others.map(copy => (
              <li key={copy.id}>
                <Anchor href={routeHash({ screen: 'copy', copyId: copy.id })}>{copy.title}</Anchor>
                <StateBadge state={copy.state} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
