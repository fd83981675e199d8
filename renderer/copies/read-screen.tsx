import { Anchor, Button } from '@mantine/core'
import { IconArchive, IconDownload, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyDetail, CopyItem } from '../../electron/api/contract/copies.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { day, dayAndTime, money } from '../data/format.ts'
import { Screen } from '../design/screen.tsx'
import { StateBadge } from '../design/state-badge.tsx'
import { RefuseDialog } from '../officer/refuse-dialog.tsx'
import { RequestCard } from '../officer/request-card.tsx'
import { WithdrawDialog } from '../officer/withdraw-dialog.tsx'
import { CancelDialog } from '../signer/cancel-dialog.tsx'
import { CopyView } from './copy-view.tsx'
import { RefusalNoticeDialog } from './refusal-notice.tsx'
import './read-screen.css'

type Dialog = 'refuse' | 'withdraw' | 'cancel' | 'notice'

/** A copy that is no longer on the bench: what it looks like, how far it is, and what may still be done with it. */
export function ReadScreen({ detail, person }: { readonly detail: CopyDetail; readonly person: PersonItem }) {
  const { t } = useTranslation()
  const { copy, request, files } = detail
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  const file = files.sealed ?? files.signed
  const may = (role: PersonItem['roles'][number], ...states: readonly CopyItem['state'][]): boolean =>
    person.roles.includes(role) && states.includes(copy.state)
  return (
    <Screen
      filled
      title={copy.title}
      subtitle={`${copy.requesterName} · ${copy.issuer}`}
      help="copy"
      actions={
        <>
          <StateBadge state={copy.state} />
          {copy.state === 'refused' && (
            <Button leftSection={<IconPrinter size={18} />} onClick={() => setDialog('notice')}>
              {t('notice.button')}
            </Button>
          )}
          {may('officer', 'submitted') && (
            <>
              <Button variant="default" onClick={() => setDialog('withdraw')}>
                {t('withdraw.title')}
              </Button>
              <Button variant="default" onClick={() => setDialog('refuse')}>
                {t('refuse.title')}
              </Button>
            </>
          )}
          {may('signer', 'sealed', 'delivered') && (
            <Button variant="default" onClick={() => setDialog('cancel')}>
              {t('cancelCopy.title')}
            </Button>
          )}
        </>
      }
    >
      <div className="read">
        <CopyView copyId={copy.id} />
        <div className="read-side">
          <section className="card" aria-labelledby="facts-title">
            <h2 id="facts-title">{t('copy.facts')}</h2>
            <Facts copy={copy} archiveLastsUntil={detail.archiveLastsUntil} />
            {file && (
              <Anchor href={file} download={`${copy.title}.pdf`} className="read-download">
                <IconDownload size={18} aria-hidden="true" /> {t('copy.download')}
              </Anchor>
            )}
            {files.archived && (
              <Anchor
                href={files.archived}
                download={`${copy.title} - ${t('copy.archive')}.pdf`}
                className="read-download"
              >
                <IconArchive size={18} aria-hidden="true" /> {t('copy.downloadArchive')}
              </Anchor>
            )}
          </section>
          <RequestCard request={request} copyId={copy.id} />
        </div>
      </div>
      {dialog === 'refuse' && <RefuseDialog copy={copy} onClose={close} />}
      {dialog === 'withdraw' && <WithdrawDialog copy={copy} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog copy={copy} onClose={close} />}
      {dialog === 'notice' && <RefusalNoticeDialog copyId={copy.id} onClose={close} />}
    </Screen>
  )
}

function Facts({ copy, archiveLastsUntil }: { readonly copy: CopyItem; readonly archiveLastsUntil: string | null }) {
  const { t, i18n } = useTranslation()
  const when = (time: string | null, name: string | null): string | null =>
    time && t('copy.byAt', { time: dayAndTime(time, i18n.language), name: name ?? '' })
  const facts: readonly (readonly [string, string | null])[] = [
    [t('copy.number'), copy.certification && t('list.numberOf', { ...copy.certification })],
    [t('copy.remark'), copy.remark],
    [t('copy.count'), t('list.pagesOf', { pages: copy.originalPages ?? copy.pageCount, copies: copy.copyCount })],
    [t('copy.fee'), copy.fee === null ? null : money(copy.fee, i18n.language)],
    [t('copy.officer'), copy.officerName],
    [t('copy.signed'), when(copy.signedAt, copy.signerName)],
    [t('copy.sealed'), when(copy.sealedAt, copy.clerkName)],
    [t('copy.receipt'), copy.receipt],
    [t('copy.archive'), archiveLastsUntil && t('copy.archiveUntil', { day: day(archiveLastsUntil, i18n.language) })],
  ]
  return (
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
  )
}
