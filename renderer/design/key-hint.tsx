import { Kbd } from '@mantine/core'
import { SHORTCUTS, type ShortcutName } from '../shell/shortcuts.ts'
import './key-hint.css'

/** The keys of a shortcut, small, beside what they do. Screen readers hear them through `aria-keyshortcuts` of the control. */
export function KeyHint({ shortcut }: { readonly shortcut: ShortcutName }) {
  return <Keys keys={SHORTCUTS[shortcut].keys} />
}

export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="key-hint" aria-hidden="true">
      {keysOf(keys).map(key => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  )
}

/** "Ctrl+Enter" is two keys, "+" is one. */
const keysOf = (keys: string): readonly string[] => (keys === '+' ? ['+'] : keys.split('+'))
