import { Alert, Group } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Action } from '../design/action.tsx'

/** The second, explicit yes. "No" has the focus: Enter pressed out of habit does no harm. */
export function LastTry({ onYes, onNo }: { readonly onYes: () => void; readonly onNo: () => void }) {
  const { t } = useTranslation()
  const no = useRef<HTMLButtonElement>(null)
  useEffect(() => no.current?.focus(), [])
  return (
    <Alert role="alertdialog" color="red" icon={<IconAlertTriangle aria-hidden="true" />} title={t('pin.lastTitle')}>
      {t('pin.lastText')}
      <Group mt="sm">
        <Action ref={no} variant="default" onAct={onNo}>
          {t('pin.lastNo')}
        </Action>
        <Action color="red" onAct={onYes}>
          {t('pin.lastYes')}
        </Action>
      </Group>
    </Alert>
  )
}
