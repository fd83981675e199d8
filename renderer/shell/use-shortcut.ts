import { useEffect, useRef } from 'react'
import { presses } from './key-combination.ts'
import { SHORTCUTS, type ShortcutName } from './shortcuts.ts'

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** A single character, or one that a text field uses itself, is left to the field. */
const leftToFields: ReadonlySet<ShortcutName> = new Set(['shortcutListKey', 'undo', 'redo'])

/**
 * Does `action` when the shortcut is pressed anywhere in the window; not while a dialog is open, which has its own keys, unless
 * `inDialog`.
 */
export function useShortcut(
  name: ShortcutName,
  action: () => void,
  { enabled = true, inDialog = false }: { readonly enabled?: boolean; readonly inDialog?: boolean } = {},
): void {
  const newest = useRef(action)
  useEffect(() => {
    newest.current = action
  })
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || !presses(event, SHORTCUTS[name].keys)) return
      if (leftToFields.has(name) && typing(event.target)) return
      if (!inDialog && document.querySelector('[aria-modal="true"]')) return
      event.preventDefault()
      newest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [name, enabled, inDialog])
}
