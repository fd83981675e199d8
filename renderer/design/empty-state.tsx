import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import './empty-state.css'

/** Nothing here: what that means, and what to do next. */
export function EmptyState({
  icon: Picture,
  title,
  text,
  children,
}: {
  readonly icon: Icon
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}) {
  return (
    <div className="empty-state">
      <Picture size={44} stroke={1.25} aria-hidden="true" />
      <h2>{title}</h2>
      <p className="quiet">{text}</p>
      {children}
    </div>
  )
}
