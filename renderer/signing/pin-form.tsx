import { Alert, Button, Checkbox } from '@mantine/core'
import { IconKey, IconKeyboard } from '@tabler/icons-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import type { CertificateItem, TokenItem } from '../../electron/api/contract/signing.ts'
import { toNotice } from '../data/notice.ts'
import { usePracticePins } from '../data/practice-pins.ts'
import { type PinEntry, type SignatureKind, useForgetPin } from '../data/signing.ts'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PasswordField } from '../design/password-field.tsx'
import { LastTry } from './last-try.tsx'
import { TokenCard } from './token-card.tsx'

/**
 * The PIN box. One Enter is one try at the token, never more; before a last try it asks once again. The PIN stays in the field alone and
 * leaves it with the try.
 */
export function PinForm({
  kind,
  copies,
  token,
  certificate,
  held,
  fault,
  onSign,
  onClose,
}: {
  readonly kind: SignatureKind
  readonly copies: readonly CopyItem[]
  readonly token: TokenItem
  readonly certificate: CertificateItem
  /** Still logged in: no PIN is asked. */
  readonly held: boolean
  readonly fault: ErrorNotice | null
  readonly onSign: (entry: PinEntry) => void
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const practice = usePracticePins().pinOf(kind, token.serialNumber)
  const field = useRef<HTMLInputElement>(null)
  const confirm = useRef<HTMLButtonElement>(null)
  const [filled, setFilled] = useState(false)
  const [asking, setAsking] = useState(false)
  const [keepPin, setKeepPin] = useState<PinEntry['keepPin']>('no')
  const forget = useForgetPin(kind)
  const typed = !held && !token.pinPad
  const unusable = token.pinState === 'locked' || token.pinState === 'not-set'

  useEffect(() => {
    if (!asking) (typed ? field : confirm).current?.focus()
  }, [asking, typed])

  const send = (lastTryConfirmed: boolean) => {
    const pin = typed ? (field.current?.value ?? '') : null
    if (field.current) field.current.value = ''
    setFilled(false)
    onSign({ pin, lastTryConfirmed, keepPin })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (unusable || (typed && !field.current?.value)) return
    if (token.pinState === 'final-try' && !held && !asking) setAsking(true)
    else if (!asking) send(false)
  }

  /** One of both at most: a PIN that outlives the token's sleep is kept no longer than the batch. */
  const keeping = (how: 'batch' | 'session') => (
    <Checkbox
      label={t(`pin.keep.${how}`)}
      description={t(`pin.keepNote.${how}`)}
      checked={keepPin === how}
      onChange={event => setKeepPin(event.currentTarget.checked ? how : 'no')}
    />
  )

  return (
    <form className="signing-dialog" onSubmit={submit}>
      <p>{copies.length === 1 ? copies[0]?.title : t('pin.many', { n: copies.length })}</p>
      <TokenCard token={token} certificate={certificate} />
      <ErrorBox notice={fault} />
      {held ? (
        <Alert icon={<IconKey aria-hidden="true" />} title={t('pin.held')}>
          <p>{t('pin.heldText')}</p>
          {forget.error && <ErrorBox notice={toNotice(forget.error, t)} />}
          <Button size="xs" mt="xs" variant="default" loading={forget.isPending} onClick={() => forget.mutate()}>
            {t('pin.forget')}
          </Button>
        </Alert>
      ) : token.pinPad ? (
        <Alert icon={<IconKeyboard aria-hidden="true" />} title={t('pin.pad')}>
          {t('pin.padText')}
        </Alert>
      ) : (
        <>
          <PasswordField
            kind="pin"
            ref={field}
            data-autofocus
            size="md"
            label={t('pin.label')}
            description={practice === 'changed' ? t('pin.practiceChanged') : practice && t('pin.practice', practice)}
            disabled={unusable || asking}
            onChange={event => setFilled(event.currentTarget.value !== '')}
          />
          {copies.length > 1 && !asking && keeping('batch')}
        </>
      )}
      {!held && !asking && keeping('session')}
      {asking ? (
        <LastTry onYes={() => send(true)} onNo={() => setAsking(false)} />
      ) : (
        <DialogButtons
          onClose={onClose}
          confirm={t(`batch.${kind}.confirm`, { n: copies.length })}
          disabled={unusable || (typed && !filled)}
          confirmRef={confirm}
        />
      )}
    </form>
  )
}
