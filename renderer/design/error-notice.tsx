import { Alert, Button, Group } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'

/** What happened and what to do. Announced at once by screen readers. */
export function ErrorBox({
  notice,
  onRetry,
  onClose,
}: {
  readonly notice: ErrorNotice | null
  readonly onRetry?: () => void
  readonly onClose?: () => void
}) {
  const { t } = useTranslation()
  if (!notice) return null
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={notice.what}
      withCloseButton={onClose !== undefined}
      closeButtonLabel={t('general.close')}
      data-code={notice.code}
      {...(onClose ? { onClose } : {})}
    >
      {notice.todo}
      {onRetry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('general.tryAgain')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
