import { Button } from '@mantine/core'
import { IconArrowBackUp, IconSignature } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { BatchScreen } from '../signing/batch-screen.tsx'
import { ReturnDialog } from '../signing/return-dialog.tsx'

/** The chairman's screen: what waits, oldest first; look, sign one or many, or send back with a reason. */
export function WaitingScreen() {
  const { t } = useTranslation()
  const [returning, setReturning] = useState<CopyItem | null>(null)
  return (
    <>
      <BatchScreen
        kind="signature"
        icon={IconSignature}
        actionsFor={copy => (
          <Button variant="default" leftSection={<IconArrowBackUp size={18} />} onClick={() => setReturning(copy)}>
            {t('returning.button')}
          </Button>
        )}
      />
      <ReturnDialog copy={returning} onClose={() => setReturning(null)} />
    </>
  )
}
