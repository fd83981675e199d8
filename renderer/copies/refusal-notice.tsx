import { Group } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRefusalNotice } from '../data/copies.ts'
import { officialDay } from '../data/format.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { Dialog } from '../design/dialog.tsx'

/** The written refusal as the requester gets it, ready for the printer. */
export function RefusalNoticeDialog({ copyId, onClose }: { readonly copyId: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useRefusalNotice(copyId, true)
  return (
    <Dialog onClose={onClose} size="xl" title={t('notice.title')}>
      <Answer query={notice}>
        {({ officeName, requesterName, title, issuer, groundText, legalBasis, explanation }) => (
          <>
            <article className="notice-paper" lang="vi">
              <p>{officeName}</p>
              <h2>{t('notice.heading')}</h2>
              <p>{t('notice.to', { name: requesterName })}</p>
              <p>{t('notice.paper', { title, issuer })}</p>
              <p>{t('notice.ground', { ground: groundText, basis: legalBasis })}</p>
              <p>{t('notice.explanation', { explanation })}</p>
              <p className="notice-sign">{t('notice.day', officialDay(new Date()))}</p>
            </article>
            <Group justify="flex-end" mt="md" className="notice-tools">
              <Action leftSection={<IconPrinter size={18} />} onAct={() => window.print()} data-autofocus>
                {t('notice.print')}
              </Action>
            </Group>
          </>
        )}
      </Answer>
    </Dialog>
  )
}
