import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { ActionIcon, Progress } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconRotateClockwise, IconTrash } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageItem } from '../../electron/api/contract/copies.ts'
import { moved, removed, turned } from '../data/page-history.ts'
import type { usePages } from '../data/pages.ts'
import type { ComingPage } from '../data/scanning.ts'
import { SHORTCUTS, type ShortcutName } from '../shell/shortcuts.ts'
import { useShortcut } from '../shell/use-shortcut.ts'
import { StripPage } from './strip-page.tsx'
import { useNearRows } from './use-near-rows.ts'

/** All pages small, in order: chosen, moved, turned and removed here, by mouse or by keys; everything can be undone. */
export function PageStrip({
  pages,
  chosen,
  onChoose,
  arranging,
  coming,
  disabled,
}: {
  readonly pages: readonly PageItem[]
  readonly chosen: PageItem | null
  readonly onChoose: (page: PageItem) => void
  readonly arranging: ReturnType<typeof usePages>
  readonly coming: ComingPage | null
  readonly disabled: boolean
}) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const [said, setSaid] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const ids = useMemo(() => pages.map(page => page.id), [pages])
  const near = useNearRows(list, ids)
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))
  const place = chosen ? pages.indexOf(chosen) : -1
  const { change, undo, redo, canUndo, canRedo } = arranging

  const choose = (index: number) => {
    const page = pages[Math.max(0, Math.min(index, pages.length - 1))]
    if (page) onChoose(page)
  }
  const move = (id: string, to: number) => {
    if (disabled || to < 0 || to >= pages.length) return
    void change(leaves => moved(leaves, id, to))
    setSaid(t('strip.moved', { n: to + 1 }))
  }
  const turn = () => {
    if (chosen && !disabled) void change(leaves => turned(leaves, chosen.id))
  }
  const remove = () => {
    if (!chosen || disabled) return
    void change(leaves => removed(leaves, chosen.id))
    const next = pages[place + 1] ?? pages[place - 1]
    if (next) onChoose(next)
    setSaid(t('strip.removed', { n: place + 1 }))
  }
  useShortcut('undo', () => void undo(), { enabled: canUndo && !disabled })
  useShortcut('redo', () => void redo(), { enabled: canRedo && !disabled })

  // The row follows the choice, and the focus too when it is already here.
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>(`[data-page="${chosen?.id}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    const focused = document.activeElement
    if (list.current?.contains(focused) || list.current?.dataset['lost'] === 'true') row?.focus()
    if (list.current) list.current.dataset['lost'] = 'false'
  }, [chosen?.id])

  const onKeyDown = (event: KeyboardEvent) => {
    const withCtrl = event.ctrlKey || event.metaKey
    const keys: Readonly<Record<string, (() => void) | undefined>> = withCtrl
      ? {
          ArrowUp: () => chosen && move(chosen.id, place - 1),
          ArrowLeft: () => chosen && move(chosen.id, place - 1),
          ArrowDown: () => chosen && move(chosen.id, place + 1),
          ArrowRight: () => chosen && move(chosen.id, place + 1),
        }
      : {
          ArrowUp: () => choose(place - 1),
          ArrowLeft: () => choose(place - 1),
          ArrowDown: () => choose(place + 1),
          ArrowRight: () => choose(place + 1),
          Home: () => choose(0),
          End: () => choose(pages.length - 1),
          r: turn,
          R: turn,
          Delete: remove,
        }
    const action = keys[event.key]
    if (!action || event.altKey) return
    event.preventDefault()
    action()
  }

  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const to = pages.findIndex(page => page.id === over?.id)
    if (over && active.id !== over.id) move(String(active.id), to)
  }

  return (
    <section className="strip" aria-label={t('strip.label')}>
      <div className="strip-tools" role="toolbar" aria-label={t('strip.tools')}>
        <Tool name="undo" label={t('strip.undo')} disabled={!canUndo || disabled} onAct={() => void undo()}>
          <IconArrowBackUp size={18} />
        </Tool>
        <Tool name="redo" label={t('strip.redo')} disabled={!canRedo || disabled} onAct={() => void redo()}>
          <IconArrowForwardUp size={18} />
        </Tool>
        <Tool name="turnPage" label={t('strip.turn')} disabled={!chosen || disabled} onAct={turn}>
          <IconRotateClockwise size={18} />
        </Tool>
        <Tool name="removePage" label={t('strip.remove')} disabled={!chosen || disabled} onAct={remove}>
          <IconTrash size={18} />
        </Tool>
      </div>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragStart={({ active }) => setDragged(String(active.id))}
        onDragCancel={() => setDragged(null)}
        onDragEnd={onDragEnd}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy} disabled={disabled}>
          <ul
            ref={list}
            className="strip-pages"
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one page of the list is chosen, by arrows
            role="listbox"
            aria-label={t('strip.label')}
            aria-orientation="vertical"
            tabIndex={pages.length === 0 ? 0 : -1}
            onKeyDown={onKeyDown}
          >
            {pages.map((page, index) => (
              <StripPage
                key={page.id}
                page={page}
                number={index + 1}
                total={pages.length}
                chosen={page.id === chosen?.id}
                near={near.has(page.id) || page.id === dragged}
                onChoose={() => onChoose(page)}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      {coming && (
        <div className="strip-coming">
          {t('scan.coming', { n: coming.page })}
          <Progress value={coming.fraction * 100} size="sm" mt={6} aria-label={t('scan.coming', { n: coming.page })} />
        </div>
      )}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </section>
  )
}

function Tool({
  name,
  label,
  disabled,
  onAct,
  children,
}: {
  readonly name: ShortcutName
  readonly label: string
  readonly disabled: boolean
  readonly onAct: () => void
  readonly children: React.ReactNode
}) {
  const { keys } = SHORTCUTS[name]
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="md"
      aria-label={label}
      title={`${label} (${keys})`}
      aria-keyshortcuts={keys}
      disabled={disabled}
      onClick={onAct}
    >
      {children}
    </ActionIcon>
  )
}
