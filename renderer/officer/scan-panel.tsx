import { ActionIcon, Button, FileButton, Menu, Select } from '@mantine/core'
import { IconFileImport, IconPlayerStop, IconRefresh, IconScan } from '@tabler/icons-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem, PageItem } from '../../electron/api/contract/copies.ts'
import type { PagePlace, ScannerItem, ScanProfile } from '../../electron/api/contract/scanning.ts'
import { toNotice } from '../data/notice.ts'
import { fittingProfile } from '../data/scan-profile.ts'
import { useScanners, type useTakingPages } from '../data/scanning.ts'
import { usePractice } from '../data/session.ts'
import { useStored } from '../data/use-stored.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { offerFocus } from '../design/offer-focus.ts'
import { useShortcut } from '../shell/use-shortcut.ts'
import { ProfileFields, ProfileWords, storedProfile } from './profile-fields.tsx'

type Taking = ReturnType<typeof useTakingPages>

interface ScanPanelProps {
  readonly copy: CopyItem
  readonly taking: Taking
  readonly chosen: PageItem | null
  readonly chosenNumber: number
  readonly behindChosen: () => PagePlace
  readonly disabled: boolean
}

/** Where pages come from: the scanner with its profile, files, and in practice the invented papers. */
export function ScanPanel(props: ScanPanelProps) {
  const { t } = useTranslation()
  const { taking } = props
  const scanners = useScanners()
  // Pressed while the scanners are still looked for, it counts as soon as they are known; not when there is none, or pages come otherwise.
  const early = useRef(false)
  const busy = taking.running && !taking.looking
  const inVain = busy || scanners.isError || scanners.data?.length === 0
  useEffect(() => {
    if (inVain) early.current = false
  }, [inVain])
  const pressedEarly = () => {
    early.current = true
  }
  useShortcut('scan', pressedEarly, { enabled: scanners.isPending && !busy && !props.disabled })
  return (
    <section className="card" aria-labelledby="scan-title">
      <h2 id="scan-title">{t('scan.title')}</h2>
      {busy ? (
        <>
          <p role="status">{taking.coming ? t('scan.coming', { n: taking.coming.page }) : t('scan.waiting')}</p>
          <Button variant="default" leftSection={<IconPlayerStop size={18} />} onClick={taking.cancel}>
            {t('scan.stop')}
          </Button>
        </>
      ) : (
        <>
          <Answer query={scanners}>
            {found =>
              found.length === 0 ? (
                <>
                  <p>{t('scan.none')}</p>
                  <Button
                    variant="default"
                    leftSection={<IconRefresh size={18} />}
                    loading={scanners.isFetching}
                    onClick={() => void scanners.refetch()}
                  >
                    {t('scan.lookAgain')}
                  </Button>
                </>
              ) : (
                <Scanner {...props} scanners={found} onLookAgain={() => void scanners.refetch()} early={early} />
              )
            }
          </Answer>
          <OtherWays {...props} />
        </>
      )}
    </section>
  )
}

function Scanner({
  scanners,
  taking,
  chosen,
  chosenNumber,
  behindChosen,
  disabled,
  copy,
  onLookAgain,
  early,
}: ScanPanelProps & {
  readonly scanners: readonly ScannerItem[]
  readonly onLookAgain: () => void
  /** Scanning was asked for before there was a scanner. */
  readonly early: RefObject<boolean>
}) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useStored<Partial<ScanProfile>>('desk.scan-profile', storedProfile)
  const scanner = scanners.find(each => each.id === wanted.deviceId) ?? scanners[0]
  // Five fields that few ever open are no part of the screen until then.
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // With no page yet, scanning is what comes next: Enter begins.
    if (copy.pageCount === 0) offerFocus(button.current)
  }, [copy.pageCount])
  const profile = scanner && fittingProfile(scanner, wanted)
  const begin = () => profile && void taking.scan(profile, { kind: 'append' })
  useEffect(() => {
    if (!early.current) return
    early.current = false
    if (!disabled) begin()
  })
  if (!scanner || !profile) return null
  return (
    <>
      <div className="scan-device">
        <Select
          label={t('scan.device')}
          data={scanners.map(each => ({ value: each.id, label: `${each.vendor} ${each.model}`.trim() }))}
          value={scanner.id}
          onChange={deviceId => deviceId && setWanted({ ...profile, deviceId })}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('scan.lookAgain')}
          title={t('scan.lookAgain')}
          onClick={onLookAgain}
        >
          <IconRefresh size={18} />
        </ActionIcon>
      </div>
      <details className="scan-profile" onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>
          <ProfileWords profile={profile} />
        </summary>
        <div className="scan-fields">
          {open && <ProfileFields scanner={scanner} profile={profile} onChange={setWanted} />}
        </div>
      </details>
      <Action ref={button} shortcut="scan" disabled={disabled} leftSection={<IconScan size={18} />} onAct={begin}>
        {t(copy.pageCount === 0 ? 'scan.start' : 'scan.further')}
      </Action>
      {chosen && (
        <div className="scan-more">
          <Action
            size="xs"
            variant="default"
            shortcut="rescan"
            disabled={disabled}
            onAct={() => void taking.scan(profile, { kind: 'replace', pageId: chosen.id })}
          >
            {t('scan.again', { n: chosenNumber })}
          </Action>
          <Button
            size="xs"
            variant="default"
            disabled={disabled}
            onClick={() => void taking.scan(profile, behindChosen())}
          >
            {t('scan.insert', { n: chosenNumber })}
          </Button>
        </div>
      )}
    </>
  )
}

function OtherWays({ taking, disabled, chosen, behindChosen }: ScanPanelProps) {
  const { t } = useTranslation()
  const practice = usePractice()
  const papers = practice.data?.papers ?? []
  return (
    <div className="scan-more">
      <FileButton
        multiple
        accept="image/jpeg,image/png,image/tiff,application/pdf"
        onChange={files =>
          files.length > 0 && void taking.importFiles(files, chosen ? behindChosen() : { kind: 'append' })
        }
      >
        {props => (
          <Button {...props} size="xs" variant="subtle" disabled={disabled} leftSection={<IconFileImport size={16} />}>
            {t('scan.files')}
          </Button>
        )}
      </FileButton>
      {papers.length > 0 && (
        <Menu shadow="md" width={320}>
          <Menu.Target>
            <Button size="xs" variant="subtle" disabled={disabled}>
              {t('scan.practicePaper')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {papers.map(paper => (
              <Menu.Item key={paper.id} onClick={() => void taking.layPaper(paper.id)}>
                {paper.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {practice.error && <ErrorBox notice={toNotice(practice.error, t)} />}
    </div>
  )
}
