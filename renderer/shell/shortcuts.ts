/** Every shortcut of the desk. The list that `?` shows is drawn from here, so that none can be missing from it. */
export const SHORTCUTS = {
  help: { keys: 'F1', group: 'everywhere' },
  shortcutList: { keys: 'Ctrl+/', group: 'everywhere' },
  shortcutListKey: { keys: '?', group: 'everywhere' },
  search: { keys: 'Ctrl+K', group: 'everywhere' },
  firstScreen: { keys: 'Alt+1', group: 'everywhere' },
  mainAction: { keys: 'Ctrl+Enter', group: 'everywhere' },
  nextRow: { keys: '↓', group: 'lists' },
  openRow: { keys: 'Enter', group: 'lists' },
  tickRow: { keys: 'Space', group: 'lists' },
  tickAll: { keys: 'Ctrl+A', group: 'lists' },
  newRequest: { keys: 'F2', group: 'officer' },
  addOriginal: { keys: 'Ctrl+D', group: 'officer' },
  scan: { keys: 'F9', group: 'officer' },
  rescan: { keys: 'Shift+F9', group: 'officer' },
  compare: { keys: 'F8', group: 'pages' },
  previousPage: { keys: '←', group: 'pages' },
  nextPage: { keys: '→', group: 'pages' },
  movePageBack: { keys: 'Ctrl+←', group: 'pages' },
  movePageOn: { keys: 'Ctrl+→', group: 'pages' },
  turnPage: { keys: 'R', group: 'pages' },
  removePage: { keys: 'Delete', group: 'pages' },
  undo: { keys: 'Ctrl+Z', group: 'pages' },
  redo: { keys: 'Ctrl+Y', group: 'pages' },
  zoomIn: { keys: '+', group: 'pages' },
  zoomOut: { keys: '-', group: 'pages' },
  zoomFit: { keys: '0', group: 'pages' },
} as const satisfies Readonly<Record<string, { readonly keys: string; readonly group: string }>>

export type ShortcutName = keyof typeof SHORTCUTS
export const GROUPS = ['everywhere', 'lists', 'officer', 'pages'] as const
