import { BrowserWindow, screen } from 'electron'
import { guardNavigation } from './guards.ts'
import type { Log } from './log.ts'
import { pagePreferences, windowOptions } from './window-options.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

export interface MainWindowParts {
  readonly preload: string
  readonly stateFile: string
  readonly developing: boolean
  readonly openExternal: (address: string) => void
  /** The page is new (first, again, or after a crash): what the old one had under way ends. */
  readonly onNewPage: () => void
  readonly log: Log
}

/** More crashes than this in a minute mean that loading again does not help. */
const CRASHES_PER_MINUTE = 3

/** Makes the program's one window where it was last; it shows itself once its page is drawn. The page is not loaded yet. */
export async function createMainWindow(parts: MainWindowParts): Promise<BrowserWindow> {
  const screens = screen.getAllDisplays().map(display => display.workArea)
  const { maximized, ...bounds } = await readWindowState(parts.stateFile, screens)
  const window = new BrowserWindow(windowOptions(given(bounds), pagePreferences(parts.preload, parts.developing)))
  guardNavigation(window.webContents, parts.openExternal)
  keepState(window, parts)
  comeBackAfterCrash(window, parts)
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  window.webContents.on('did-start-navigation', details => {
    if (details.isMainFrame && !details.isSameDocument) parts.onNewPage()
  })
  return window
}

function given({ x, y, ...size }: { width: number; height: number; x?: number | undefined; y?: number | undefined }) {
  return x === undefined || y === undefined ? size : { ...size, x, y }
}

function keepState(window: BrowserWindow, { stateFile, log }: MainWindowParts): void {
  window.on('close', () => {
    try {
      writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      log.fault('window state not kept', error)
    }
  })
}

/** A crashed page is loaded again: pages and texts are in the office's store, the person goes on where it was. */
function comeBackAfterCrash(window: BrowserWindow, { onNewPage, log }: MainWindowParts): void {
  let crashes: readonly number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    onNewPage()
    const now = performance.now()
    crashes = [...crashes.filter(time => now - time < 60_000), now]
    log.fault('page crashed', reason)
    if (crashes.length <= CRASHES_PER_MINUTE) window.webContents.reload()
  })
}
