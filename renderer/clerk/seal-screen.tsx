import { Button } from '@mantine/core'
import { IconArrowBackUp, IconRubberStamp } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { BatchScreen } from '../signing/batch-screen.tsx'
import { ReturnDialog } from '../signing/return-dialog.tsx'

/** The clerk's screen: what is signed and waits for the office's seal. */
export function SealScreen() {
  const { t } = useTranslation()
  const [returning, setReturning] = useState<CopyItem | null>(null)
  return (
    <>
      <BatchScreen
        kind="seal"
        icon={IconRubberStamp}
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
