import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { useCopyActions } from '../data/copies.ts'
import { ReasonDialog } from '../design/reason-dialog.tsx'

/** Sends a copy back to the officer with a reason. */
export function ReturnDialog({ copy, onClose }: { readonly copy: CopyItem | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { returnForMending } = useCopyActions()
  if (!copy) return null
  return (
    <ReasonDialog
      title={t('returning.title')}
      subject={copy.title}
      text={t('returning.text', { name: copy.officerName })}
      label={t('returning.reason')}
      suggestions={[t('returning.blurred'), t('returning.missing'), t('returning.wrongTitle')]}
      confirm={t('returning.button')}
      action={returnForMending}
      onConfirm={reason => returnForMending.mutate({ copy, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}
