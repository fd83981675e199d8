import { ActionIcon } from '@mantine/core'
import {
  IconArrowsMaximize,
  IconChevronLeft,
  IconChevronRight,
  IconScan,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageItem } from '../../electron/api/contract/copies.ts'
import { Dialog } from '../design/dialog.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ScrollPart } from '../design/scroll-part.tsx'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { useShortcut } from '../shell/use-shortcut.ts'

/** Widths of the page against the room; null: the whole page is seen. */
const ZOOMS = [null, 1, 1.5, 2, 3, 4] as const

interface StageProps {
  readonly pages: readonly PageItem[]
  readonly chosen: PageItem | null
  readonly onChoose: (page: PageItem) => void
}

/** The chosen page, large enough to be compared with the paper; the whole window for it on demand. */
export function PageStage(props: StageProps) {
  const { t } = useTranslation()
  const [full, setFull] = useState(false)
  const { chosen, pages } = props
  useShortcut('compare', () => setFull(!full), { enabled: chosen !== null, inDialog: full })
  if (!chosen)
    return (
      <div className="stage">
        <EmptyState icon={IconScan} title={t('stage.empty')} text={t('stage.emptyText')} />
      </div>
    )
  return (
    <>
      {!full && <Stage {...props} onFull={() => setFull(true)} />}
      {full && (
        <Dialog
          onClose={() => setFull(false)}
          fullScreen
          title={t('stage.compare', { n: pages.indexOf(chosen) + 1, total: pages.length })}
        >
          <div className="stage-full">
            <Stage {...props} />
          </div>
        </Dialog>
      )}
    </>
  )
}

function Stage({ pages, chosen, onChoose, onFull }: StageProps & { readonly onFull?: () => void }) {
  const { t } = useTranslation()
  const [zoom, setZoom] = useState(0)
  if (!chosen) return null
  const place = pages.indexOf(chosen)
  const scale = ZOOMS[zoom] ?? null
  const name = t('copy.page', { n: place + 1, total: pages.length })
  const step = (by: number) => setZoom(before => Math.max(0, Math.min(before + by, ZOOMS.length - 1)))
  const turnTo = (index: number) => {
    const page = pages[index]
    if (page) onChoose(page)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const keys: Readonly<Record<string, (() => void) | undefined>> = {
      '+': () => step(1),
      '=': () => step(1),
      '-': () => step(-1),
      '0': () => setZoom(0),
      ArrowLeft: scale === null ? () => turnTo(place - 1) : undefined,
      ArrowRight: scale === null ? () => turnTo(place + 1) : undefined,
    }
    const action = keys[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
  const button = { variant: 'subtle', color: 'gray' } as const
  return (
    <section className="stage" aria-label={t('stage.label')}>
      <div className="stage-tools" role="toolbar" aria-label={t('stage.tools')}>
        <ActionIcon
          {...button}
          aria-label={t('stage.previous')}
          disabled={place === 0}
          onClick={() => turnTo(place - 1)}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
        <ActionIcon
          {...button}
          aria-label={t('stage.next')}
          disabled={place === pages.length - 1}
          onClick={() => turnTo(place + 1)}
        >
          <IconChevronRight size={18} />
        </ActionIcon>
        <span>
          {name} · {t('stage.dpi', { dpi: Math.round(chosen.dpi) })}
        </span>
        <ActionIcon {...button} aria-label={t('stage.zoomOut')} disabled={zoom === 0} onClick={() => step(-1)}>
          <IconZoomOut size={18} />
        </ActionIcon>
        <ActionIcon
          {...button}
          aria-label={t('stage.zoomIn')}
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => step(1)}
        >
          <IconZoomIn size={18} />
        </ActionIcon>
        {onFull && (
          <ActionIcon
            {...button}
            aria-label={t('stage.full')}
            title={`${t('stage.full')} (${SHORTCUTS.compare.keys})`}
            aria-keyshortcuts={SHORTCUTS.compare.keys}
            onClick={onFull}
          >
            <IconArrowsMaximize size={18} />
          </ActionIcon>
        )}
      </div>
      <ScrollPart
        className="stage-paper"
        aria-label={name}
        data-autofocus={onFull === undefined || undefined}
        data-fit={scale === null || undefined}
        onKeyDown={onKeyDown}
      >
        <img
          key={chosen.id}
          src={scale === null ? `${chosen.url}&width=1400` : chosen.url}
          alt={name}
          style={scale === null ? undefined : { width: `${scale * 100}%`, maxWidth: 'none', height: 'auto' }}
        />
      </ScrollPart>
    </section>
  )
}
