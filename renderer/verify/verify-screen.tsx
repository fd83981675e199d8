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
import { LockedFile } from './locked-file.tsx'
import { Report } from './report.tsx'
import { Revisions } from './revisions.tsx'
import '../officer/workbench.css'
import './verify.css'

/** Faults that a password mends. */
const LOCKED: readonly string[] = ['pdf-password-required', 'pdf-password-wrong']
/** What the person asked for is no fault. */
const STOPPED = 'document-work-stopped'

/** Is this signed PDF genuine? The verdict first, then each signature and what came after it; beside it the pages, state by state. */
export function VerifyScreen() {
  const { t } = useTranslation()
  const { chosen, judged, judge, stop, error, isPending } = useVerification()
  const pages = useRef<HTMLElement>(null)
  const showPage = (page: number) =>
    pages.current?.querySelectorAll('.copy-page')[page - 1]?.scrollIntoView({ block: 'start' })
  const take = (file: File | null | undefined) => file && judge(file)
  const notice = error && toNotice(error, t)
  const locked = chosen && notice && LOCKED.includes(notice.code) ? chosen : null
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
        {notice && notice.code !== STOPPED && <ErrorBox notice={notice} />}
        {locked ? (
          <LockedFile name={locked.name} onPassword={password => judge(locked, password)} />
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
              {isPending && (
                <Button variant="default" onClick={stop}>
                  {t('verify.stop')}
                </Button>
              )}
            </Group>
          </EmptyState>
        )}
      </DropZone>
    </Screen>
  )
}
