import { useSortable } from '@dnd-kit/sortable'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageItem } from '../../electron/api/contract/copies.ts'

interface StripPageProps {
  readonly page: PageItem
  readonly number: number
  readonly total: number
  readonly chosen: boolean
  /** Whether it can be seen, or soon: else its place is kept free. */
  readonly near: boolean
  readonly onChoose: () => void
}

/** One small page's row. Its keys belong to the strip as a whole. */
export const StripPage = memo(
  function StripPage({ page, number, total, chosen, near, onChoose }: StripPageProps) {
    const { t } = useTranslation()
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the strip has the keys
      <li
        className="strip-page"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of the list that the arrows walk
        role="option"
        aria-selected={chosen}
        aria-label={t('copy.page', { n: number, total })}
        tabIndex={chosen ? 0 : -1}
        data-page={page.id}
        onFocus={onChoose}
        onClick={event => event.currentTarget.focus()}
      >
        {near && <Sheet page={page} number={number} />}
      </li>
    )
  },
  // `onChoose` is made anew each time and always means the same page.
  (before, after) =>
    before.page === after.page &&
    before.number === after.number &&
    before.total === after.total &&
    before.chosen === after.chosen &&
    before.near === after.near,
)

/** The small picture, which can be dragged. */
function Sheet({ page, number }: Pick<StripPageProps, 'page' | 'number'>) {
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: page.id })
  return (
    <div
      ref={setNodeRef}
      className="strip-sheet"
      data-dragging={isDragging || undefined}
      style={{ transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined, transition }}
      {...listeners}
    >
      <img src={`${page.url}&width=240`} alt="" decoding="async" draggable={false} />
      <span className="strip-number">{number}</span>
    </div>
  )
}
