import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { toNotice } from '../data/notice.ts'
import { type PinEntry, type SignatureKind, useSigningBatch, useSigningToken } from '../data/signing.ts'
import { Answer } from '../design/answer.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { BatchProgress } from './batch-progress.tsx'
import { PinForm } from './pin-form.tsx'
import './signing-dialog.css'

/** One PIN for these copies: first which token and certificate it is for, then what becomes of each file. */
export function SigningDialog({
  kind,
  copies,
  onClose,
}: {
  readonly kind: SignatureKind
  readonly copies: readonly CopyItem[]
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const token = useSigningToken(kind)
  const batch = useSigningBatch(kind)
  // The list behind the dialog loses what is signed; what was chosen stays as it was.
  const chosen = useRef(copies).current
  const { summary } = batch
  const started = batch.running || summary !== null

  useEffect(() => {
    if (summary?.done !== chosen.length) return
    notifications.show({
      color: 'green',
      message: t(`batch.${kind}.allDone`, { n: summary.done }),
      closeButtonProps: { 'aria-label': t('general.close') },
    })
    onClose()
  }, [summary, chosen, kind, t, onClose])

  const sign = async (entry: PinEntry): Promise<void> => {
    await batch.sign(chosen, entry)
    // Wrong or right, the token's own count may have changed.
    await token.refetch()
  }

  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={t(`batch.${kind}.dialog`, { n: chosen.length })}
      closable={!batch.running}
    >
      {started ? (
        <BatchProgress kind={kind} copies={chosen} batch={batch} onClose={onClose} />
      ) : (
        <div className="signing-dialog">
          {token.isError && token.data ? <ErrorBox notice={toNotice(token.error, t)} /> : null}
          <Answer query={token}>
            {({ token: { pinState, pinPad, ...device }, certificate, held }) => (
              <PinForm
                kind={kind}
                copies={chosen}
                token={{ ...device, pinState, pinPad }}
                certificate={certificate}
                held={held}
                fault={batch.error}
                onSign={entry => void sign(entry)}
                onClose={onClose}
              />
            )}
          </Answer>
        </div>
      )}
    </Dialog>
  )
}
