import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyDetail } from '../../electron/api/contract/copies.ts'
import type { PagePlace } from '../../electron/api/contract/scanning.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { usePages } from '../data/pages.ts'
import { useTakingPages } from '../data/scanning.ts'
import { DeadlineText } from '../design/deadline-text.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { DropZone } from './drop-zone.tsx'
import { ExtendDialog } from './extend-dialog.tsx'
import { PageStage } from './page-stage.tsx'
import { PageStrip } from './page-strip.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'
import { RequestCard } from './request-card.tsx'
import { ScanPanel } from './scan-panel.tsx'
import { SubmitPanel } from './submit-panel.tsx'
import { useClaim } from './use-claim.ts'
import { WithdrawDialog } from './withdraw-dialog.tsx'
import './workbench.css'

type Dialog = 'refuse' | 'withdraw' | 'extend'

/** The officer's bench for one copy: pages on the left, the page itself in the middle, scanning and comparing on the right. */
export function Workbench({ detail, person }: { readonly detail: CopyDetail; readonly person: PersonItem }) {
  const { t } = useTranslation()
  const { copy, pages } = detail
  const { held, refused } = useClaim(copy.id)
  const arranging = usePages(copy.id, detail)
  const taking = useTakingPages(copy.id)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const chosen = pages.find(page => page.id === chosenId) ?? pages[0] ?? null
  useRecovery(held, taking.recover)

  // What has just come is what one wants to see.
  const known = useRef(new Set(pages.map(page => page.id)))
  useEffect(() => {
    const fresh = pages.filter(page => !known.current.has(page.id)).at(-1)
    known.current = new Set(pages.map(page => page.id))
    if (fresh) setChosenId(fresh.id)
  }, [pages])

  const behindChosen = (): PagePlace =>
    chosen ? { kind: 'insert', at: pages.indexOf(chosen) + 1 } : { kind: 'append' }
  const blocked = refused !== null
  const close = () => setDialog(null)

  return (
    <Screen
      filled
      title={copy.title}
      subtitle={`${copy.requesterName} · ${copy.issuer}`}
      help="workbench"
      actions={
        <>
          <DeadlineText dueAt={copy.dueAt} />
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon variant="default" size="lg" aria-label={t('workbench.more')}>
                <IconDots size={20} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('extend')}>{t('extend.title')}</Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => setDialog('withdraw')}>{t('withdraw.title')}</Menu.Item>
              <Menu.Item color="red" onClick={() => setDialog('refuse')}>
                {t('refuse.title')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <ErrorBox notice={refused} />
      {copy.remark && <p className="workbench-remark">{t('workbench.cameBack', { reason: copy.remark })}</p>}
      <ErrorBox notice={arranging.error} onClose={arranging.forgetError} />
      <ErrorBox notice={taking.fault} onClose={taking.forgetFault} />
      <DropZone
        disabled={blocked || taking.running}
        onFiles={files => void taking.importFiles(files, pages.length === 0 ? { kind: 'append' } : behindChosen())}
      >
        <div className="workbench">
          <PageStrip
            pages={pages}
            chosen={chosen}
            onChoose={page => setChosenId(page.id)}
            arranging={arranging}
            coming={taking.coming}
            disabled={blocked || taking.running}
          />
          <PageStage pages={pages} chosen={chosen} onChoose={page => setChosenId(page.id)} />
          <div className="workbench-side">
            <ScanPanel
              copy={copy}
              taking={taking}
              chosen={chosen}
              disabled={blocked}
              chosenNumber={chosen ? pages.indexOf(chosen) + 1 : 0}
              behindChosen={behindChosen}
            />
            <SubmitPanel detail={detail} person={person} disabled={blocked || taking.running} />
            <RequestCard request={detail.request} copyId={copy.id} />
          </div>
        </div>
      </DropZone>
      {dialog === 'refuse' && <RefuseDialog copy={copy} onClose={close} />}
      {dialog === 'withdraw' && <WithdrawDialog copy={copy} onClose={close} />}
      {dialog === 'extend' && <ExtendDialog request={detail.request} onClose={close} />}
    </Screen>
  )
}

/** Once when the copy lies on this desk: pages that the scanner had delivered before the program was killed come back by themselves. */
function useRecovery(held: boolean, recover: () => Promise<number>): void {
  const { t } = useTranslation()
  const asked = useRef(false)
  useEffect(() => {
    if (!held || asked.current) return
    asked.current = true
    void recover().then(
      added =>
        added > 0 &&
        notifications.show({
          message: t('workbench.recovered', { n: added }),
          closeButtonProps: { 'aria-label': t('general.close') },
          autoClose: 10_000,
        }),
    )
  }, [held, recover, t])
}
