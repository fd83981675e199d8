import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { ErrorBox } from './error-notice.tsx'

/** An answer of the office in its three states: on the way, failed with a way to ask again, there. */
export function Answer<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorBox notice={toNotice(query.error, t)} onRetry={() => void query.refetch()} />
  return (
    <Stack gap="sm" aria-busy="true" aria-label={t('general.loading')} role="status">
      <Skeleton height={44} />
      <Skeleton height={44} />
      <Skeleton height={44} width="70%" />
    </Stack>
  )
}
