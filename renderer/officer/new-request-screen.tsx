import { Select, Stack, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { useRequestActions } from '../data/requests.ts'
import { useScanners } from '../data/scanning.ts'
import { useOfficeSettings } from '../data/settings.ts'
import { Action } from '../design/action.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { go } from '../shell/route.ts'
import { readCitizenCard } from './citizen-card.ts'
import { OriginalFields } from './original-fields.tsx'
import { emptyRequest, type Missing, missing, newOriginal, type OriginalDraft, toRequest } from './request-draft.ts'
import './new-request.css'

/** A citizen lays papers on the desk: who, which originals, how many copies. Made for the keyboard; what is rarely needed comes last. */
export function NewRequestScreen() {
  const { t } = useTranslation()
  const { receive } = useRequestActions()
  const exemptions = useOfficeSettings().data?.feeExemptions ?? []
  const [draft, setDraft] = useState(() => emptyRequest(crypto.randomUUID()))
  const [shown, setShown] = useState<readonly Missing[]>([])
  const form = useRef<HTMLDivElement>(null)
  // Looked for while somebody types, so that the bench has them at once.
  useScanners()

  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), [])

  const change = (part: Partial<typeof draft>) => setDraft(before => ({ ...before, ...part }))
  // A reader types like a very quick person and ends with Enter or Tab.
  const readCard = () => {
    const card = readCitizenCard(draft.name)
    if (card) change({ name: card.name, personalNumber: card.personalNumber })
  }
  const changeOriginal = (key: string, part: Partial<OriginalDraft>) =>
    change({ originals: draft.originals.map(each => (each.key === key ? { ...each, ...part } : each)) })

  const addOriginal = () => {
    const key = crypto.randomUUID()
    const issuer = draft.originals.at(-1)?.issuer ?? ''
    change({ originals: [...draft.originals, { ...newOriginal(key), issuer }] })
    focusLater(`title-${key}`)
  }
  const submit = () => {
    const lacking = missing(draft)
    setShown(lacking)
    const [first] = lacking
    if (first) return focusLater(first)
    if (receive.isPending) return
    receive.mutate(toRequest(draft), {
      onSuccess: request => {
        const [first] = request.copies
        go(first ? { screen: 'copy', copyId: first.id } : { screen: 'queue' })
      },
    })
  }
  const lacks = (field: Missing): boolean => shown.includes(field) && missing(draft).includes(field)

  return (
    <Screen
      title={t('request.title')}
      subtitle={t('request.subtitle')}
      help="request"
      actions={
        <Action shortcut="mainAction" loading={receive.isPending} onAct={submit}>
          {t('request.receive')}
        </Action>
      }
    >
      <Stack gap="md" className="request" ref={form}>
        {receive.error && <ErrorBox notice={toNotice(receive.error, t)} />}
        <section className="card" aria-labelledby="requester-title">
          <h2 id="requester-title">{t('request.requester')}</h2>
          <div className="request-person">
            <TextInput
              id="name"
              label={t('request.name')}
              description={t('request.nameNote')}
              required
              maxLength={1000}
              autoComplete="off"
              value={draft.name}
              error={lacks('name') && t('request.nameMissing')}
              onChange={event => change({ name: event.currentTarget.value })}
              onBlur={readCard}
              onKeyDown={event => event.key === 'Enter' && !event.ctrlKey && readCard()}
            />
            <TextInput
              id="personalNumber"
              label={t('request.personalNumber')}
              description={t('request.personalNumberNote')}
              inputMode="numeric"
              maxLength={14}
              autoComplete="off"
              value={draft.personalNumber}
              error={lacks('personalNumber') && t('request.personalNumberWrong')}
              onChange={event => change({ personalNumber: event.currentTarget.value })}
            />
          </div>
        </section>
        <section className="card" aria-labelledby="originals-title">
          <h2 id="originals-title">{t('request.originals', { n: draft.originals.length })}</h2>
          {draft.originals.map((original, index) => (
            <OriginalFields
              key={original.key}
              original={original}
              number={index + 1}
              titleMissing={lacks(`title-${original.key}`)}
              issuerMissing={lacks(`issuer-${original.key}`)}
              onChange={part => changeOriginal(original.key, part)}
              {...(draft.originals.length > 1
                ? { onRemove: () => change({ originals: draft.originals.filter(each => each.key !== original.key) }) }
                : {})}
            />
          ))}
          <Action variant="subtle" shortcut="addOriginal" leftSection={<IconPlus size={16} />} onAct={addOriginal}>
            {t('request.addOriginal')}
          </Action>
        </section>
        <section className="card" aria-labelledby="contact-title">
          <h2 id="contact-title">{t('request.contact')}</h2>
          <div className="request-contact">
            <TextInput
              label={t('request.phone')}
              type="tel"
              maxLength={20}
              autoComplete="off"
              value={draft.phone}
              onChange={event => change({ phone: event.currentTarget.value })}
            />
            <TextInput
              label={t('request.email')}
              type="email"
              maxLength={200}
              autoComplete="off"
              value={draft.email}
              onChange={event => change({ email: event.currentTarget.value })}
            />
            {exemptions.length > 0 && (
              <Select
                label={t('request.exemption')}
                placeholder={t('request.noExemption')}
                clearable
                data={exemptions.map(({ id, name }) => ({ value: id, label: name }))}
                value={draft.exemptionId}
                onChange={exemptionId => change({ exemptionId })}
              />
            )}
          </div>
        </section>
      </Stack>
    </Screen>
  )
}

/** The field may only be drawn with the next frame. */
function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus())
}
