import { useSortable } from '@dnd-kit/sortable'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageItem } from '../../electron/api/contract/copies.ts'

interface StripPageProps {
  readonly page: PageItem
  readonly number: number
  readonly total: number
  readonly chosen: boolean
  readonly onChoose: () => void
}

/** One small page that can be dragged. Its keys belong to the strip as a whole. */
export const StripPage = memo(
  function StripPage({ page, number, total, chosen, onChoose }: StripPageProps) {
    const { t } = useTranslation()
    const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: page.id })
    const name = t('copy.page', { n: number, total })
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the strip has the keys
      <li
        ref={setNodeRef}
        className="strip-page"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of the list that the arrows walk
        role="option"
        aria-selected={chosen}
        aria-label={name}
        tabIndex={chosen ? 0 : -1}
        data-page={page.id}
        data-dragging={isDragging || undefined}
        style={{ transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined, transition }}
        onFocus={onChoose}
        onClick={event => event.currentTarget.focus()}
        {...listeners}
      >
        <img src={`${page.url}&width=240`} alt="" loading="lazy" decoding="async" draggable={false} />
        <span className="strip-number">{number}</span>
      </li>
    )
  },
  // `onChoose` is made anew each time and always means the same page.
  (before, after) =>
    before.page === after.page &&
    before.number === after.number &&
    before.total === after.total &&
    before.chosen === after.chosen,
)
