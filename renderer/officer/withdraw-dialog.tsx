import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { useCopyActions } from '../data/copies.ts'
import { ReasonDialog } from '../design/reason-dialog.tsx'

/** The requester takes the paper back. */
export function WithdrawDialog({ copy, onClose }: { readonly copy: CopyItem; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { withdraw } = useCopyActions()
  return (
    <ReasonDialog
      title={t('withdraw.title')}
      subject={copy.title}
      text={t('withdraw.text')}
      label={t('withdraw.reason')}
      suggestions={[t('withdraw.takenBack'), t('withdraw.notNeeded'), t('withdraw.typedTwice')]}
      confirm={t('withdraw.button')}
      action={withdraw}
      onConfirm={reason => withdraw.mutate({ copy, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}
