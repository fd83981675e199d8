import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CopyState } from '../data/copies.ts'

const colours = {
  draft: 'gray',
  submitted: 'blue',
  signed: 'blue',
  sealed: 'blue',
  delivered: 'green',
  cancelled: 'red',
  refused: 'gray',
  withdrawn: 'gray',
} as const satisfies Readonly<Record<CopyState, string>>

/** How far a copy has come, in the office's words. */
export function StateBadge({ state }: { readonly state: CopyState }) {
  const { t } = useTranslation()
  return (
    <Badge className="badge" color={colours[state]} variant="light" size="md" radius="sm">
      {t(`state.${state}`)}
    </Badge>
  )
}
