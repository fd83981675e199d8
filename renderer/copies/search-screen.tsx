import { useDebouncedValue } from '@mantine/hooks'
import { IconSearchOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCopies } from '../data/copies.ts'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { Screen } from '../design/screen.tsx'
import { go } from '../shell/route.ts'
import { CopyTable } from './copy-table.tsx'

/** Every copy of the office whose requester, title, issuer, number or receipt has the words; accents do not matter. */
export function SearchScreen({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  const [words] = useDebouncedValue(text, 150)
  const found = useCopies([], words)
  return (
    <Screen title={t('search.title')} subtitle={t('search.found', { n: found.data?.length ?? 0, text })} help="search">
      <Answer query={found}>
        {copies =>
          copies.length === 0 ? (
            <EmptyState icon={IconSearchOff} title={t('search.nothing')} text={t('search.nothingText')} />
          ) : (
            <CopyTable
              label={t('search.title')}
              copies={copies}
              columns={['requester', 'number', 'state', 'officer']}
              onOpen={copy => go({ screen: 'copy', copyId: copy.id })}
            />
          )
        }
      </Answer>
    </Screen>
  )
}
