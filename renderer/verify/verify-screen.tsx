import { Button, FileButton, Group } from '@mantine/core'
import { IconFileSearch, IconPrinter } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { useVerification } from '../data/verify.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { DropZone } from '../officer/drop-zone.tsx'
import { LockedFile, StopButton } from './locked-file.tsx'
import { Report } from './report.tsx'
import { Revisions } from './revisions.tsx'
import '../officer/workbench.css'
import './verify.css'

/** Is this signed PDF genuine? The verdict first, then each signature and what came after it; beside it the pages, state by state. */
export function VerifyScreen() {
  const { t } = useTranslation()
  const { locked, judged, judge, unlock, stop, error, isPending } = useVerification()
  const pages = useRef<HTMLElement>(null)
  const showPage = (page: number) =>
    pages.current?.querySelectorAll('.copy-page')[page - 1]?.scrollIntoView({ block: 'start' })
  const take = (file: File | null | undefined) => file && judge(file)
  const choose = (
    <FileButton accept="application/pdf" onChange={take}>
      {props => (
        <Button {...props} variant={judged || locked ? 'default' : 'filled'} loading={isPending}>
          {t('verify.choose')}
        </Button>
      )}
    </FileButton>
  )
  return (
    <Screen
      title={t('verify.title')}
      help="verify"
      filled={judged !== null}
      actions={
        <>
          {(judged || locked) && choose}
          {judged && (
            <Button variant="default" leftSection={<IconPrinter size={18} />} onClick={() => window.print()}>
              {t('verify.print')}
            </Button>
          )}
        </>
      }
    >
      <DropZone disabled={isPending} onFiles={([dropped]) => take(dropped)}>
        {error && <ErrorBox notice={toNotice(error, t)} />}
        {locked ? (
          <LockedFile locked={locked} trying={isPending} onPassword={unlock} onStop={stop} />
        ) : judged ? (
          <div className="verify">
            <Report result={judged.result} onPage={showPage} />
            {judged.locked ? (
              <p className="quiet">{t('verify.lockedPages')}</p>
            ) : (
              <Revisions
                pages={pages}
                key={judged.file.name + judged.file.lastModified}
                file={judged.file}
                result={judged.result}
              />
            )}
          </div>
        ) : (
          <EmptyState icon={IconFileSearch} title={t('verify.empty')} text={t('verify.emptyText')}>
            <Group>
              {choose}
              {isPending && <StopButton onStop={stop} />}
            </Group>
          </EmptyState>
        )}
      </DropZone>
    </Screen>
  )
}
