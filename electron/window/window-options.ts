import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'
import { resourcePath } from '../resources.ts'

/** The page runs walled in: no Node, a world apart from the preload, an operating system's sandbox around it. */
export function pagePreferences(preload: string, developing: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    // The spell checker would fetch its dictionaries from the net.
    spellcheck: false,
    devTools: developing,
  }
}

/** Fits a screen of 1280 × 720, the smallest that the desk works on. */
export const SMALLEST_WINDOW = { width: 1024, height: 640 } as const

export function windowOptions(
  bounds: { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number },
  preferences: WebPreferences,
): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: SMALLEST_WINDOW.width,
    minHeight: SMALLEST_WINDOW.height,
    show: false,
    title: 'Bàn chứng thực',
    // Windows takes it from the program's file.
    icon: resourcePath('icons', 'linux', '128x128.png'),
    backgroundColor: '#f7f8fa',
    autoHideMenuBar: true,
    webPreferences: preferences,
  }
}
