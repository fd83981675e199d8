import { Alert, Anchor, Button, Group, Stack } from '@mantine/core'
import {
  IconCheck,
  IconCircleCheck,
  IconClock,
  IconFileSearch,
  IconMailbox,
  IconRefresh,
  IconSend,
  IconUserExclamation,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import type { DeliveryItem } from '../../electron/api/contract/delivery.ts'
import { useDeliveries, useSending } from '../data/delivery.ts'
import { dayAndTime } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { routeHash } from '../shell/route.ts'
import './deliveries.css'
import { EvidenceDialog } from './evidence-dialog.tsx'

const ORDER = ['telling-needs-person', 'needs-person', 'telling', 'sending', 'told', 'delivered'] as const
const signs = {
  'telling-needs-person': IconUserExclamation,
  'needs-person': IconUserExclamation,
  telling: IconClock,
  sending: IconClock,
  told: IconCircleCheck,
  delivered: IconCircleCheck,
}
const BY_ITSELF: ReadonlySet<DeliveryItem['state']> = new Set(['sending', 'telling'])
const BY_A_PERSON: ReadonlySet<DeliveryItem['state']> = new Set(['needs-person', 'telling-needs-person'])

/**
 * Sealed copies on their way to the citizen, and cancelled ones of which their receiver is told: what needs a person first, then what goes
 * by itself, then what arrived.
 */
export function DeliveriesScreen() {
  const { t } = useTranslation()
  const deliveries = useDeliveries()
  const sending = useSending()
  const [shown, setShown] = useState<CopyItem | null>(null)
  const waiting = deliveries.data?.filter(each => BY_ITSELF.has(each.state)).map(each => each.copy.id) ?? []
  return (
    <Screen
      title={t('deliveries.title')}
      help="deliveries"
      actions={
        <Action
          shortcut="mainAction"
          leftSection={<IconSend size={18} />}
          disabled={waiting.length === 0}
          loading={sending.running}
          onAct={() => void sending.send(waiting)}
        >
          {t('deliveries.sendAll')}
        </Action>
      }
    >
      <Stack gap="md">
        <ErrorBox notice={sending.error} onClose={sending.forget} />
        {sending.retry.error && <ErrorBox notice={toNotice(sending.retry.error, t)} />}
        {sending.toldByHand.error && <ErrorBox notice={toNotice(sending.toldByHand.error, t)} />}
        {sending.result && (
          <Alert role="status" color={sending.result.complete && sending.result.waiting === 0 ? 'green' : 'yellow'}>
            {t('deliveries.result', { ...sending.result })}
          </Alert>
        )}
        <Answer query={deliveries}>
          {all =>
            all.length === 0 ? (
              <EmptyState icon={IconMailbox} title={t('deliveries.empty')} text={t('deliveries.emptyText')} />
            ) : (
              ORDER.map(state => {
                const items = all.filter(each => each.state === state)
                return (
                  items.length > 0 && (
                    <section key={state} aria-labelledby={`deliveries-${state}`}>
                      <h2 id={`deliveries-${state}`}>{t(`deliveries.${state}`, { n: items.length })}</h2>
                      <ul className="deliveries">
                        {items.map(item => (
                          <Line
                            key={item.copy.id}
                            item={item}
                            busy={sending.running || sending.retry.isPending || sending.toldByHand.isPending}
                            onRetry={() => sending.retry.mutate(item.copy.id)}
                            onTold={() => sending.toldByHand.mutate(item.copy.id)}
                            onEvidence={() => setShown(item.copy)}
                          />
                        ))}
                      </ul>
                    </section>
                  )
                )
              })
            )
          }
        </Answer>
        {shown && <EvidenceDialog copy={shown} onClose={() => setShown(null)} />}
      </Stack>
    </Screen>
  )
}

function Line({
  item: { copy, state, error },
  busy,
  onRetry,
  onTold,
  onEvidence,
}: {
  readonly item: DeliveryItem
  readonly busy: boolean
  readonly onRetry: () => void
  readonly onTold: () => void
  readonly onEvidence: () => void
}) {
  const { t, i18n } = useTranslation()
  const Sign = signs[state]
  return (
    <li data-state={state}>
      <Sign size={22} aria-hidden="true" />
      <div>
        <Anchor href={routeHash({ screen: 'copy', copyId: copy.id })} c="inherit">
          <strong>{copy.title}</strong>
        </Anchor>
        <div className="quiet">
          {copy.requesterName}
          {copy.certification && ` · ${t('list.numberOf', { ...copy.certification })}`}
        </div>
        {error && (
          <div className="delivery-fault">
            {error.what} {error.todo}
          </div>
        )}
      </div>
      <div className="delivery-evidence">
        {copy.receipt && (
          <>
            <span className="quiet">{t('deliveries.receipt')}</span> {copy.receipt}
          </>
        )}
        {copy.sealedAt && (
          <div className="quiet">{t('deliveries.sealedAt', { time: dayAndTime(copy.sealedAt, i18n.language) })}</div>
        )}
      </div>
      <Group gap="xs" justify="flex-end">
        {state === 'telling-needs-person' && (
          <Button size="xs" variant="default" leftSection={<IconCheck size={16} />} disabled={busy} onClick={onTold}>
            {t('deliveries.toldByHand')}
          </Button>
        )}
        {BY_A_PERSON.has(state) && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={16} />} disabled={busy} onClick={onRetry}>
            {t('deliveries.retry')}
          </Button>
        )}
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconFileSearch size={16} />}
          aria-label={t('deliveries.evidenceTitle', { title: copy.title })}
          onClick={onEvidence}
        >
          {t('deliveries.evidence')}
        </Button>
      </Group>
    </li>
  )
}
