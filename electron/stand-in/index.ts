/**
 * Stands in for the module `electron` where Electron's binary cannot be had: the same built program runs in Debian's Chromium. It has
 * exactly what the program uses, in Electron's own shape, checked against Electron's own types. It is no part of any package.
 */
import type * as Electron from 'electron'

export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { ipcMain } from './ipc-main.ts'
export { protocol } from './protocol.ts'
export { utilityProcess } from './utility-process.ts'

export const Menu = {
  /** Chromium's app window has no menu. */
  setApplicationMenu(): void {},
} satisfies Pick<typeof Electron.Menu, 'setApplicationMenu'>

export const dialog = {
  /** There may be no window yet, so it is said on the terminal. */
  showErrorBox(title: string, content: string): void {
    process.stderr.write(`${title}\n${content}\n`)
  },
  /** Chromium has no dialog for the program: the folder is named beforehand, else the dialog counts as closed. */
  async showOpenDialog(_options: Electron.OpenDialogOptions): Promise<Electron.OpenDialogReturnValue> {
    const folder = process.env['DESK_CHOSEN_FOLDER']
    return { canceled: !folder, filePaths: folder ? [folder] : [] }
  },
  /** Said on the terminal; the answer is named beforehand, else it is the one of closing. */
  async showMessageBox(box: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    process.stderr.write(`${box.message}\n${box.detail ?? ''}\n[${(box.buttons ?? []).join('] [')}]\n`)
    return { response: Number(process.env['DESK_CHOSEN_BUTTON'] ?? box.cancelId ?? 0), checkboxChecked: false }
  },
} satisfies Pick<Electron.Dialog, 'showErrorBox'> & {
  showMessageBox(box: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue>
  showOpenDialog(options: Electron.OpenDialogOptions): Promise<Electron.OpenDialogReturnValue>
}

export const screen = {
  /** Unknown before Chromium runs; a large one lets every kept place count as visible. */
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 7680, height: 4320 } }],
} satisfies { getAllDisplays(): readonly Pick<Electron.Display, 'workArea'>[] }

export const session = {
  /** Chromium is started so that it denies every permission; there is nothing left to decide. */
  defaultSession: {
    setPermissionRequestHandler(): void {},
    setPermissionCheckHandler(): void {},
    setDevicePermissionHandler(): void {},
  } satisfies Pick<
    Electron.Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
}

export const shell = {
  /** No other browser is opened from here; the address is said, so that a test can see it. */
  async openExternal(address: string): Promise<void> {
    process.stdout.write(`open-external ${address}\n`)
  },
} satisfies Pick<Electron.Shell, 'openExternal'>
