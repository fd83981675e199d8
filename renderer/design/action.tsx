import { Button, type ButtonProps } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import { SHORTCUTS, type ShortcutName } from '../shell/shortcuts.ts'
import { useShortcut } from '../shell/use-shortcut.ts'
import { KeyHint } from './key-hint.tsx'

interface ActionProps extends ButtonProps {
  readonly onAct: () => void
  readonly shortcut?: ShortcutName
  readonly inDialog?: boolean
  readonly children: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
  readonly 'data-autofocus'?: boolean
}

/** A button that its shortcut presses too, with the keys shown on it. */
export function Action({ onAct, shortcut, inDialog = false, children, ...button }: ActionProps) {
  return (
    <Button
      {...button}
      type="button"
      onClick={onAct}
      {...(shortcut
        ? { 'aria-keyshortcuts': SHORTCUTS[shortcut].keys, rightSection: <KeyHint shortcut={shortcut} /> }
        : {})}
    >
      {children}
      {shortcut && !button.disabled && !button.loading && (
        <Pressed shortcut={shortcut} onAct={onAct} inDialog={inDialog} />
      )}
    </Button>
  )
}

function Pressed({ shortcut, onAct, inDialog }: { shortcut: ShortcutName; onAct: () => void; inDialog: boolean }) {
  useShortcut(shortcut, onAct, { inDialog })
  return null
}
