import { Checkbox } from '@mantine/core'
import { type Icon, IconCoffee } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { CopyTable } from '../copies/copy-table.tsx'
import { CopyView } from '../copies/copy-view.tsx'
import { useQueue } from '../data/copies.ts'
import type { SignatureKind } from '../data/signing.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Screen } from '../design/screen.tsx'
import { go } from '../shell/route.ts'
import { SigningDialog } from './signing-dialog.tsx'
import './batch-screen.css'

/** Copies that wait for a signature or the seal: the list on the left, the copy itself on the right, one PIN for one or many. */
export function BatchScreen({
  kind,
  icon: Picture,
  actionsFor,
}: {
  readonly kind: SignatureKind
  readonly icon: Icon
  readonly actionsFor: (copy: CopyItem) => ReactNode
}) {
  const { t } = useTranslation()
  const queue = useQueue()
  const [currentId, setCurrentId] = useState<string | null>(null)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [batch, setBatch] = useState<{
    readonly chosen: readonly CopyItem[]
    readonly listed: readonly CopyItem[]
  } | null>(null)
  // Behind the dialog the list stays as it was: with each copy that is signed the next one's pages would be drawn, for nobody.
  const copies = batch?.listed ?? queue.data ?? []
  const current = copies.find(copy => copy.id === currentId) ?? copies[0] ?? null
  const chosen = copies.filter(copy => ticked.has(copy.id))
  const next = chosen.length > 0 ? chosen : current ? [current] : []

  const close = () => {
    setBatch(null)
    setTicked(new Set())
  }

  return (
    <Screen
      filled
      title={t(`batch.${kind}.title`)}
      subtitle={t('batch.waiting', { n: copies.length })}
      help={kind === 'signature' ? 'waiting' : 'seal'}
      actions={
        next.length > 0 && (
          <>
            {current && chosen.length === 0 && actionsFor(current)}
            <Action
              shortcut="mainAction"
              leftSection={<Picture size={18} />}
              onAct={() => setBatch({ chosen: next, listed: copies })}
            >
              {chosen.length > 0 ? t(`batch.${kind}.many`, { n: chosen.length }) : t(`batch.${kind}.one`)}
            </Action>
          </>
        )
      }
    >
      <Answer query={queue}>
        {() =>
          current === null ? (
            <EmptyState icon={IconCoffee} title={t(`batch.${kind}.empty`)} text={t(`batch.${kind}.emptyText`)} />
          ) : (
            <div className="batch">
              <div className="batch-list">
                <Checkbox
                  className="batch-all"
                  label={t('batch.all', { n: copies.length })}
                  checked={chosen.length === copies.length}
                  indeterminate={chosen.length > 0 && chosen.length < copies.length}
                  onChange={event =>
                    setTicked(event.currentTarget.checked ? new Set(copies.map(copy => copy.id)) : new Set())
                  }
                />
                <CopyTable
                  focusFirst
                  label={t(`batch.${kind}.title`)}
                  copies={copies}
                  columns={['due']}
                  current={current.id}
                  onCurrent={copy => setCurrentId(copy.id)}
                  onOpen={copy => go({ screen: 'copy', copyId: copy.id })}
                  ticking={{ ids: ticked, set: setTicked }}
                />
              </div>
              <CopyView key={current.id} copyId={current.id} />
            </div>
          )
        }
      </Answer>
      {batch && <SigningDialog kind={kind} copies={batch.chosen} onClose={close} />}
    </Screen>
  )
}
