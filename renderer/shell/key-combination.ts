/** Keys as written in the shortcut list: "F9", "Ctrl+Enter", "?". */

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly metaKey: boolean
}

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
}

/** Whether a key press is the combination. Shift counts only where a letter or a named key is pressed: "?" needs it on most boards. */
export function presses(press: KeyPress, combination: string): boolean {
  const parts = combination === '+' ? ['+'] : combination.split('+')
  const key = parts.at(-1) ?? ''
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
  const pressed = names[press.key] ?? press.key
  const symbol = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  return (
    pressed.toLowerCase() === key.toLowerCase() &&
    (press.ctrlKey || press.metaKey) === wants('Ctrl') &&
    press.altKey === wants('Alt') &&
    (symbol || press.shiftKey === wants('Shift'))
  )
}
