import { Radio, Stack, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem, RefusalGroundItem } from '../../electron/api/contract/copies.ts'
import { type RefusalGround, useCopyActions, useRefusalGrounds } from '../data/copies.ts'
import { toNotice } from '../data/notice.ts'
import { Answer } from '../design/answer.tsx'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Refusal on one of the law's grounds; the written notice can be printed on the copy's screen afterwards. */
export function RefuseDialog({ copy, onClose }: { readonly copy: CopyItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const grounds = useRefusalGrounds()
  const { refuse } = useCopyActions()
  const [ground, setGround] = useState<RefusalGround | null>(null)
  const [explanation, setExplanation] = useState('')
  return (
    <Dialog onClose={onClose} title={t('refuse.title')} size="xl">
      <Stack gap="sm">
        <strong>{copy.title}</strong>
        {refuse.error && <ErrorBox notice={toNotice(refuse.error, t)} />}
        <Answer query={grounds}>{all => <GroundChoice grounds={all} ground={ground} onChoose={setGround} />}</Answer>
        <Textarea
          label={t('refuse.explanation')}
          description={t('refuse.explanationNote')}
          required
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1000}
          value={explanation}
          onChange={event => setExplanation(event.currentTarget.value)}
        />
        <DialogButtons
          onClose={onClose}
          confirm={t('refuse.button')}
          onConfirm={() =>
            ground !== null && refuse.mutate({ copy, ground, explanation: explanation.trim() }, { onSuccess: onClose })
          }
          color="red"
          disabled={ground === null || explanation.trim() === ''}
          loading={refuse.isPending}
        />
      </Stack>
    </Dialog>
  )
}

function GroundChoice({
  grounds,
  ground,
  onChoose,
}: {
  readonly grounds: readonly RefusalGroundItem[]
  readonly ground: RefusalGround | null
  readonly onChoose: (ground: RefusalGround | null) => void
}) {
  const { t } = useTranslation()
  const first = useRef<HTMLInputElement>(null)
  // The grounds may come after the dialog is open.
  useEffect(() => first.current?.focus(), [])
  return (
    <Radio.Group
      label={t('refuse.ground')}
      required
      value={ground === null ? '' : String(ground)}
      onChange={value => onChoose(grounds.find(each => String(each.ground) === value)?.ground ?? null)}
    >
      <Stack gap="xs" mt="xs">
        {grounds.map((each, index) => (
          <Radio
            key={each.ground}
            ref={index === 0 ? first : undefined}
            value={String(each.ground)}
            label={each.text}
            data-autofocus={index === 0 || undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
