import { SegmentedControl, Stack } from '@mantine/core'
import { IconCoffee, IconFilePlus, IconInbox } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { CopyTable } from '../copies/copy-table.tsx'
import { type CopyState, useCopies, useQueue } from '../data/copies.ts'
import { longDay } from '../data/format.ts'
import { useScanners } from '../data/scanning.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Screen } from '../design/screen.tsx'
import { go } from '../shell/route.ts'

const UNDER_WAY: readonly CopyState[] = ['submitted', 'signed', 'sealed']
const open = (copy: CopyItem): void => go({ screen: 'copy', copyId: copy.id })

/** What the officer has to do today, and what became of what was handed on. */
export function QueueScreen() {
  const { t, i18n } = useTranslation()
  const [part, setPart] = useState<'mine' | 'under-way'>('mine')
  const queue = useQueue()
  // Looking for scanners takes seconds: begun here, it is done when the first paper lies on the glass.
  useScanners()
  const underWay = useCopies(UNDER_WAY, '', part === 'under-way')
  return (
    <Screen
      title={t('queue.title')}
      subtitle={longDay(new Date(), i18n.language)}
      help="queue"
      actions={
        <Action
          shortcut="newRequest"
          leftSection={<IconFilePlus size={18} />}
          onAct={() => go({ screen: 'new-request' })}
        >
          {t('queue.new')}
        </Action>
      }
    >
      <Stack gap="sm" align="stretch">
        <SegmentedControl
          className="parts"
          aria-label={t('queue.parts')}
          value={part}
          onChange={value => setPart(value === 'mine' ? 'mine' : 'under-way')}
          data={[
            { value: 'mine', label: t('queue.mine') },
            { value: 'under-way', label: t('queue.underWay') },
          ]}
        />
        {part === 'mine' ? (
          <Answer query={queue}>
            {copies =>
              copies.length === 0 ? (
                <EmptyState icon={IconCoffee} title={t('queue.empty')} text={t('queue.emptyText')} />
              ) : (
                <CopyTable
                  focusFirst
                  label={t('queue.mine')}
                  copies={copies}
                  columns={['requester', 'pages', 'due']}
                  onOpen={open}
                />
              )
            }
          </Answer>
        ) : (
          <Answer query={underWay}>
            {copies =>
              copies.length === 0 ? (
                <EmptyState icon={IconInbox} title={t('queue.noneUnderWay')} text={t('queue.noneUnderWayText')} />
              ) : (
                <CopyTable
                  label={t('queue.underWay')}
                  copies={copies}
                  columns={['requester', 'due', 'state']}
                  onOpen={open}
                />
              )
            }
          </Answer>
        )}
      </Stack>
    </Screen>
  )
}
