import { Checkbox, NumberInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyDetail } from '../../electron/api/contract/copies.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useCopyActions } from '../data/copies.ts'
import { toNotice } from '../data/notice.ts'
import { Action } from '../design/action.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { offerFocus } from '../design/offer-focus.ts'
import { go } from '../shell/route.ts'

/** The officer's word that copy and original agree, then on to the signer. Further originals of the same request follow at once. */
export function SubmitPanel({
  detail,
  person,
  disabled,
}: {
  readonly detail: CopyDetail
  readonly person: PersonItem
  readonly disabled: boolean
}) {
  const { t } = useTranslation()
  const { copy, request } = detail
  const pageCount = detail.pages.length
  const { submit } = useCopyActions()
  const [compared, setCompared] = useState(false)
  const [complete, setComplete] = useState(false)
  const [originalPages, setOriginalPages] = useState<number | null>(null)
  const first = useRef<HTMLInputElement>(null)
  const ready = compared && complete && pageCount > 0

  // Pages that change must be compared anew; after scanning the first tick is what comes next.
  const scanned = useRef(false)
  useEffect(() => {
    setCompared(false)
    setComplete(false)
    if (disabled) scanned.current = true
    else if (scanned.current && pageCount > 0) {
      scanned.current = false
      offerFocus(first.current)
    }
  }, [pageCount, disabled])

  const send = () =>
    submit.mutate(
      { copy, originalPages },
      {
        onSuccess: () => {
          notifications.show({
            color: 'green',
            message: t('submit.done', { title: copy.title }),
            closeButtonProps: { 'aria-label': t('general.close') },
          })
          const next = request.copies.find(each => each.id !== copy.id && each.state === 'draft')
          go(next ? { screen: 'copy', copyId: next.id } : { screen: 'queue' })
        },
      },
    )

  return (
    <section className="card" aria-labelledby="submit-title">
      <h2 id="submit-title">{t('submit.title')}</h2>
      {submit.error && <ErrorBox notice={toNotice(submit.error, t)} />}
      <Checkbox
        ref={first}
        label={t('submit.compared', { name: person.name })}
        checked={compared}
        disabled={disabled || pageCount === 0}
        onChange={event => setCompared(event.currentTarget.checked)}
      />
      <Checkbox
        label={t('submit.complete', { n: pageCount })}
        checked={complete}
        disabled={disabled || pageCount === 0}
        onChange={event => setComplete(event.currentTarget.checked)}
      />
      <details className="submit-pages">
        <summary>{t('submit.otherCount')}</summary>
        <NumberInput
          label={t('submit.originalPages')}
          description={t('submit.originalPagesNote')}
          min={1}
          max={10_000}
          allowDecimal={false}
          placeholder={String(pageCount)}
          value={originalPages ?? ''}
          onChange={value => setOriginalPages(Number(value) || null)}
        />
      </details>
      <Action shortcut="mainAction" disabled={disabled || !ready} loading={submit.isPending} onAct={send}>
        {t('submit.button')}
      </Action>
    </section>
  )
}
