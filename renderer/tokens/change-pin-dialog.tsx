import { Alert } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconKeyboard } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ManagedToken } from '../../electron/api/contract/tokens.ts'
import { toNotice } from '../data/notice.ts'
import { usePracticePins } from '../data/practice-pins.ts'
import { type PinChange, useChangePin } from '../data/tokens.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PasswordField } from '../design/password-field.tsx'
import { LastTry } from '../signing/last-try.tsx'

type Fault = { readonly field: 'pin' | 'newPin' | 'again'; readonly text: string }

interface ChangePinProps {
  readonly token: ManagedToken
  /** Characters of the new PIN. */
  readonly limits: NonNullable<ManagedToken['newPin']>
  readonly onClose: () => void
}

/** The old PIN, the new one twice. They are read out of their fields when they are sent, and the fields are emptied then. */
export function ChangePinDialog({ token, limits, onClose }: ChangePinProps) {
  const { t } = useTranslation()
  const { tell, error, isPending } = useChangePin(token)
  const practice = usePracticePins()
  const form = useRef<HTMLFormElement>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [asking, setAsking] = useState(false)
  const { minimum, maximum } = limits
  const unusable = token.pinState === 'locked' || token.pinState === 'not-set'
  const faultOf = (field: Fault['field']) => (fault?.field === field ? { error: fault.text } : {})

  /** @returns null after saying what is wrong with what was typed */
  const read = (): Pick<PinChange, 'pin' | 'newPin'> | null => {
    if (token.pinPad) return { pin: null, newPin: null }
    const typed = new FormData(form.current ?? undefined)
    const [pin = '', newPin = '', again = ''] = ['pin', 'newPin', 'again'].map(name => String(typed.get(name) ?? ''))
    const wrong = (field: Fault['field'], text: string) => {
      setFault({ field, text })
      form.current?.querySelector<HTMLInputElement>(`[name="${field}"]`)?.focus()
      return null
    }
    if (pin === '') return wrong('pin', t('tokens.oldMissing'))
    if (newPin.length < minimum || newPin.length > maximum)
      return wrong('newPin', t('tokens.newRule', { minimum, maximum }))
    if (newPin !== again) return wrong('again', t('tokens.differs'))
    return { pin, newPin }
  }
  const send = async (lastTryConfirmed: boolean) => {
    const pins = read()
    setAsking(false)
    if (!pins) return
    setFault(null)
    form.current?.reset()
    if (!(await tell({ ...pins, lastTryConfirmed }))) {
      form.current?.querySelector<HTMLInputElement>('[name="pin"]')?.focus()
      return
    }
    practice.noteChange(token.serialNumber)
    notifications.show({
      color: 'green',
      message: t('tokens.changed', { name: token.label }),
      closeButtonProps: { 'aria-label': t('general.close') },
    })
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (unusable || asking || isPending) return
    if (token.pinState === 'final-try') {
      if (read()) setAsking(true)
    } else void send(false)
  }

  const secret = { kind: 'pin', readOnly: asking, disabled: unusable || isPending } as const
  return (
    <Dialog onClose={onClose} size="md" title={t('tokens.changePinOf', { name: token.label })} closable={!isPending}>
      <form className="change-pin" ref={form} onSubmit={submit} noValidate>
        {error && <ErrorBox notice={toNotice(error, t)} />}
        {token.pinState !== 'ok' && (
          <Alert
            color={token.pinState === 'count-low' ? 'yellow' : 'red'}
            icon={<IconAlertTriangle aria-hidden="true" />}
          >
            {t(`tokens.pin.${token.pinState}`)}
          </Alert>
        )}
        {token.pinPad ? (
          <Alert icon={<IconKeyboard aria-hidden="true" />} title={t('pin.pad')}>
            {t('tokens.padText')}
          </Alert>
        ) : (
          <>
            <PasswordField {...secret} {...faultOf('pin')} name="pin" data-autofocus label={t('tokens.old')} />
            <PasswordField
              {...secret}
              {...faultOf('newPin')}
              name="newPin"
              label={t('tokens.new')}
              description={t('tokens.newRule', { minimum, maximum })}
            />
            <PasswordField {...secret} {...faultOf('again')} name="again" label={t('tokens.newAgain')} />
          </>
        )}
        {asking ? (
          <LastTry onYes={() => void send(true)} onNo={() => setAsking(false)} />
        ) : (
          <DialogButtons
            onClose={onClose}
            closable={!isPending}
            confirm={t('tokens.changePin')}
            disabled={unusable}
            loading={isPending}
          />
        )}
      </form>
    </Dialog>
  )
}
