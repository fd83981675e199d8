import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react'

interface RowActions<Item> {
  readonly current: string | null
  readonly onCurrent?: (item: Item) => void
  readonly onOpen: (item: Item) => void
  readonly onTick?: (item: Item) => void
  readonly onTickAll?: () => void
}

/** One row at a time is a tab stop; arrows, Home and End move it; Enter opens, Space ticks, Ctrl+A ticks all. */
export function useRowKeys<Item extends { readonly id: string }>(
  body: RefObject<HTMLTableSectionElement | null>,
  items: readonly Item[],
  { current, onCurrent, onOpen, onTick, onTickAll }: RowActions<Item>,
) {
  const [stop, setStop] = useState<string | null>(null)
  const chosen = items.findIndex(item => item.id === (current ?? stop))
  const tabStop = Math.max(0, chosen)

  const focus = (index: number) => {
    const rows = body.current?.querySelectorAll<HTMLElement>('tr')
    rows?.[Math.max(0, Math.min(index, items.length - 1))]?.focus()
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number) => {
    const item = items[index]
    if (!item || event.target !== event.currentTarget) return
    const ticksAll = event.key === 'a' && (event.ctrlKey || event.metaKey)
    if ((event.ctrlKey || event.metaKey || event.altKey) && !ticksAll) return
    const actions: Readonly<Record<string, (() => void) | undefined>> = {
      ArrowDown: () => focus(index + 1),
      ArrowUp: () => focus(index - 1),
      Home: () => focus(0),
      End: () => focus(items.length - 1),
      Enter: () => onOpen(item),
      ' ': onTick ? () => onTick(item) : undefined,
      a: ticksAll ? onTickAll : undefined,
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  const onFocus = (event: FocusEvent<HTMLElement>, index: number) => {
    const item = items[index]
    if (!item || event.target !== event.currentTarget) return
    setStop(item.id)
    onCurrent?.(item)
  }

  return { tabStop, onKeyDown, onFocus }
}
