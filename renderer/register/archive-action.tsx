import { Button } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useArchiveDue, useArchiveRenewal } from '../data/archive.ts'
import { toNotice } from '../data/notice.ts'
import { ErrorBox } from '../design/error-notice.tsx'

/** Archives sealed copies for the long term and renews archive time-stamps that grow old; not there while nothing is due. */
export function ArchiveAction({ person }: { readonly person: PersonItem }) {
  const { t } = useTranslation()
  const due = useArchiveDue()
  const renewal = useArchiveRenewal()
  const may = person.roles.includes('clerk') || person.roles.includes('admin')
  const done = renewal.data?.renewed ?? 0
  return (
    <>
      {may && (due.data ?? 0) > 0 && (
        <Button
          variant="default"
          leftSection={<IconArchive size={18} />}
          title={t('archive.why')}
          loading={renewal.isPending}
          onClick={() => renewal.mutate()}
        >
          {t('archive.renew', { n: due.data })}
        </Button>
      )}
      <span role="status" className="quiet">
        {done > 0 && t('archive.done', { n: done })}
      </span>
      {renewal.error && <ErrorBox notice={toNotice(renewal.error, t)} />}
      {renewal.data?.faults.map(({ copyId, number, title, error }) => (
        <ErrorBox
          key={copyId}
          notice={{ ...error, what: t('archive.failed', { number: number ?? '–', title, what: error.what }) }}
        />
      ))}
    </>
  )
}
