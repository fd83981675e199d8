import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { z } from 'zod'
import { app } from './app.ts'
import { WebContents } from './web-contents.ts'

interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const boundsSchema = z.object({
  bounds: z.object({
    left: z.int().optional(),
    top: z.int().optional(),
    width: z.int().optional(),
    height: z.int().optional(),
    windowState: z.enum(['normal', 'maximized', 'minimized', 'fullscreen']).optional(),
  }),
})

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
    this.webContents.focus()
  }

  #change(state: 'normal' | 'maximized'): void {
    this.#state = state
    void this.#command(windowId =>
      this.webContents.command('Browser.setWindowBounds', { windowId, bounds: { windowState: state } }),
    )
  }

  /** Puts the window where it was asked to be and from then on remembers where it is. */
  async #place(): Promise<void> {
    const { x: left, y: top, width, height } = this.#bounds
    await this.#command(async windowId => {
      await this.webContents.command('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } })
      const look = setInterval(async () => {
        if (this.webContents.isDestroyed()) return clearInterval(look)
        const seen = await this.webContents.command('Browser.getWindowBounds', { windowId }).catch(() => null)
        const bounds = boundsSchema.safeParse(seen)
        if (bounds.success) this.#see(bounds.data.bounds)
      }, LOOK_EVERY)
      look.unref()
    })
  }

  #see({
    windowState,
    left: x = this.#bounds.x,
    top: y = this.#bounds.y,
    ...size
  }: z.infer<typeof boundsSchema>['bounds']): void {
    this.#state = windowState ?? this.#state
    if (this.#state !== 'normal') return
    const { width = this.#bounds.width, height = this.#bounds.height } = size
    this.#bounds = { x, y, width, height }
  }

  /** Windows without a frame of their own (headless) have no bounds: then nothing is placed. */
  async #command(work: (windowId: number) => Promise<unknown>): Promise<void> {
    try {
      const { windowId } = z
        .object({ windowId: z.int() })
        .parse(await this.webContents.command('Browser.getWindowForTarget'))
      await work(windowId)
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
