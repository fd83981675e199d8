import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import type { CDPSession } from 'playwright-core'
import { app } from './app.ts'
import { chromium } from './chromium.ts'
import { WebContents } from './web-contents.ts'

interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How often the window's place is asked for: Chromium tells nobody when its window is moved. */
const LOOK_EVERY = 1000

/** The one window. Events: `ready-to-show`, `close`, `closed`. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  #bounds: Bounds
  #state: 'normal' | 'maximized' | 'minimized' | 'fullscreen' = 'normal'

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 1280, height: options.height ?? 800 }
    this.webContents = new WebContents(options.webPreferences?.preload)
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.once('destroyed', () => {
      this.emit('close', {})
      this.emit('closed')
      app.emit('window-all-closed')
    })
    void this.#place()
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address)
  }

  getNormalBounds(): Bounds {
    return this.#bounds
  }

  isMaximized(): boolean {
    return this.#state === 'maximized'
  }

  isMinimized(): boolean {
    return this.#state === 'minimized'
  }

  maximize(): void {
    this.#change('maximized')
  }

  restore(): void {
    this.#change('normal')
  }

  show(): void {}

  focus(): void {
    void this.webContents.page().then(page => page.bringToFront())
  }

  #change(state: 'normal' | 'maximized'): void {
    this.#state = state
    void this.#command((session, windowId) =>
      session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: state } }),
    )
  }

  /** Puts the window where it was asked to be and from then on remembers where it is. */
  async #place(): Promise<void> {
    const { x: left, y: top, width, height } = this.#bounds
    await this.#command(async (session, windowId) => {
      await session.send('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } })
      const look = setInterval(async () => {
        if (this.webContents.isDestroyed()) return clearInterval(look)
        const { bounds } = await session
          .send('Browser.getWindowBounds', { windowId })
          .catch(() => ({ bounds: {} as const }))
        this.#see(bounds)
      }, LOOK_EVERY)
      look.unref()
    })
  }

  #see(bounds: {
    readonly left?: number
    readonly top?: number
    readonly width?: number
    readonly height?: number
    readonly windowState?: 'normal' | 'maximized' | 'minimized' | 'fullscreen'
  }): void {
    this.#state = bounds.windowState ?? this.#state
    if (this.#state !== 'normal') return
    const {
      left: x = this.#bounds.x,
      top: y = this.#bounds.y,
      width = this.#bounds.width,
      height = this.#bounds.height,
    } = bounds
    this.#bounds = { x, y, width, height }
  }

  /** Windows without a frame of their own (headless) have no bounds: then nothing is placed. */
  async #command(work: (session: CDPSession, windowId: number) => Promise<unknown>): Promise<void> {
    try {
      const context = await chromium.context()
      const session = await context.newCDPSession(await this.webContents.page())
      const { windowId } = await session.send('Browser.getWindowForTarget')
      await work(session, windowId)
    } catch (error) {
      if (!process.argv.includes('--headless')) process.stderr.write(`stand-in: window not placed: ${String(error)}\n`)
    }
  }
}

type Shape = Pick<
  Electron.BrowserWindow,
  'loadURL' | 'getNormalBounds' | 'isMaximized' | 'isMinimized' | 'maximize' | 'restore' | 'show' | 'focus'
>
BrowserWindow satisfies new (
  options?: Electron.BrowserWindowConstructorOptions,
) => Shape
