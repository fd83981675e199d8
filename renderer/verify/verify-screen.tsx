import { Button, FileButton } from '@mantine/core'
import { IconFileSearch, IconPrinter } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { useVerification } from '../data/verify.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { DropZone } from '../officer/drop-zone.tsx'
import { Report } from './report.tsx'
import { Revisions } from './revisions.tsx'
import '../officer/workbench.css'
import './verify.css'

/** Is this signed PDF genuine? The verdict first, then each signature and what came after it; beside it the pages, state by state. */
export function VerifyScreen() {
  const { t } = useTranslation()
  const verification = useVerification()
  const { data, variables: file } = verification
  const pages = useRef<HTMLElement>(null)
  const showPage = (page: number) =>
    pages.current?.querySelectorAll('.copy-page')[page - 1]?.scrollIntoView({ block: 'start' })
  const judge = (chosen: File | null | undefined) => chosen && verification.mutate(chosen)
  const choose = (
    <FileButton accept="application/pdf" onChange={judge}>
      {props => (
        <Button {...props} variant={data ? 'default' : 'filled'} loading={verification.isPending}>
          {t('verify.choose')}
        </Button>
      )}
    </FileButton>
  )
  return (
    <Screen
      title={t('verify.title')}
      help="verify"
      filled={data !== undefined}
      actions={
        data && (
          <>
            {choose}
            <Button variant="default" leftSection={<IconPrinter size={18} />} onClick={() => window.print()}>
              {t('verify.print')}
            </Button>
          </>
        )
      }
    >
      <DropZone disabled={verification.isPending} onFiles={([dropped]) => judge(dropped)}>
        {verification.error && <ErrorBox notice={toNotice(verification.error, t)} />}
        {data && file ? (
          <div className="verify">
            <Report result={data} onPage={showPage} />
            <Revisions pages={pages} key={file.name + file.lastModified} file={file} result={data} />
          </div>
        ) : (
          <EmptyState icon={IconFileSearch} title={t('verify.empty')} text={t('verify.emptyText')}>
            {choose}
          </EmptyState>
        )}
      </DropZone>
    </Screen>
  )
}
