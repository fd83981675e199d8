import { Stack, Table, Text } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import type { EvidenceItem } from '../../electron/api/contract/delivery.ts'
import { useEvidence } from '../data/delivery.ts'
import { dayAndTime } from '../data/format.ts'
import { Answer } from '../design/answer.tsx'
import { Dialog } from '../design/dialog.tsx'
import { EmptyState } from '../design/empty-state.tsx'

/** The office's proof of a delivery: each request to the portal with its answer, in the order in which they went. */
export function EvidenceDialog({ copy, onClose }: { readonly copy: CopyItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const evidence = useEvidence(copy.id)
  return (
    <Dialog title={t('deliveries.evidenceTitle', { title: copy.title })} size="80rem" onClose={onClose}>
      <Stack gap="md">
        <Text className="quiet">{t('deliveries.evidenceText')}</Text>
        <Answer query={evidence}>
          {exchanges =>
            exchanges.length === 0 ? (
              <EmptyState icon={IconMailbox} title={t('deliveries.noEvidence')} text={t('deliveries.noEvidenceText')} />
            ) : (
              <Table className="evidence" verticalSpacing="sm">
                <Table.Tbody>
                  {exchanges.map(exchange => (
                    <Row key={`${exchange.sentAt} ${exchange.step}`} exchange={exchange} />
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Answer>
      </Stack>
    </Dialog>
  )
}

function Row({ exchange }: { readonly exchange: EvidenceItem }) {
  const { t, i18n } = useTranslation()
  const { step, error, status, request, answer } = exchange
  return (
    <Table.Tr>
      <Table.Td>{dayAndTime(exchange.sentAt, i18n.language)}</Table.Td>
      <Table.Th scope="row">{t(`deliveries.step.${step}`, { defaultValue: step })}</Table.Th>
      <Table.Td>
        {error ? <span className="delivery-fault">{error.what}</span> : t('deliveries.answered', { status })}
        <Body name={t('deliveries.sent')} text={`${exchange.method} ${exchange.address}\n${request ?? ''}`} />
        {answer !== null && <Body name={t('deliveries.received')} text={answer} />}
      </Table.Td>
    </Table.Tr>
  )
}

function Body({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <details>
      <summary>{name}</summary>
      <pre>{text.trim()}</pre>
    </details>
  )
}
