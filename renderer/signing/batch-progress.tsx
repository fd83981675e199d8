import { Group, Loader } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconClockPause } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import type { FileOutcome, SignatureKind, useSigningBatch } from '../data/signing.ts'
import { Action } from '../design/action.tsx'
import { ProgressLine } from '../design/progress-line.tsx'

/** What became of each file so far; when it is over, which are done, which failed and why, which were not tried. */
export function BatchProgress({
  kind,
  copies,
  batch,
  onClose,
}: {
  readonly kind: SignatureKind
  readonly copies: readonly CopyItem[]
  readonly batch: ReturnType<typeof useSigningBatch>
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const { outcomes, summary, running, startedAt, cancel } = batch
  const over = [...outcomes.values()].filter(outcome => outcome.result !== 'waiting').length
  const under = copies.find(copy => outcomes.get(copy.id)?.result === 'waiting')
  const frame = useRef<HTMLDivElement>(null)
  const close = useRef<HTMLButtonElement>(null)
  // While it runs the frame has the focus, not "stop": Enter pressed once more does no harm.
  useEffect(() => (running ? frame : close).current?.focus(), [running])
  return (
    <div className="signing-dialog" ref={frame} tabIndex={-1}>
      {summary ? (
        <p role="status">
          <strong>{t(`batch.${kind}.summary`, { ...summary })}</strong> {t('batch.whole')}
        </p>
      ) : (
        <ProgressLine
          label={
            outcomes.size === 0 ? t('batch.connecting') : t('batch.progress', { done: over, total: copies.length })
          }
          done={over}
          total={copies.length}
          startedAt={startedAt}
        />
      )}
      <ul className="batch-files">
        {copies.map(copy => (
          <FileLine
            key={copy.id}
            copy={copy}
            outcome={outcomes.get(copy.id) ?? { result: 'waiting' }}
            current={running && copy.id === under?.id}
          />
        ))}
      </ul>
      <Group justify="flex-end">
        {running ? (
          <Action variant="default" onAct={cancel}>
            {t('batch.stop')}
          </Action>
        ) : (
          <Action ref={close} onAct={onClose}>
            {t('general.close')}
          </Action>
        )}
      </Group>
    </div>
  )
}

const signs = { waiting: IconCircleDashed, done: IconCircleCheck, failed: IconCircleX, 'not-tried': IconClockPause }

function FileLine({
  copy,
  outcome,
  current,
}: {
  readonly copy: CopyItem
  readonly outcome: FileOutcome
  readonly current: boolean
}) {
  const { t } = useTranslation()
  const Sign = signs[outcome.result]
  return (
    <li data-result={outcome.result}>
      {current ? <Loader size={20} /> : <Sign size={20} aria-hidden="true" />}
      <div>
        <strong>{copy.title}</strong> <span className="quiet">{copy.requesterName}</span>
        {outcome.result === 'failed' && (
          <div className="batch-fault">
            {outcome.error.what} {outcome.error.todo}
          </div>
        )}
      </div>
      <span>{t(current ? 'batch.result.now' : `batch.result.${outcome.result}`)}</span>
    </li>
  )
}
