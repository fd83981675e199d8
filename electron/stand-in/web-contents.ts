import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type * as Electron from 'electron'
import type { Frame, Page, Request as PageRequest, Route } from 'playwright-core'
import { fromChromium, originOf, toChromium } from './addresses.ts'
import { chromium } from './chromium.ts'
import { invoked } from './ipc-main.ts'
import { HEAR, INVOKE, pageSide } from './page-side.ts'
import { answerFor, ownSchemes } from './protocol.ts'

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' }

/** Milliseconds in which a window that the page opened asks for its address, or has none. */
const POPUP_ASKS_WITHIN = 1000

/** One page. Events: `will-navigate`, `will-frame-navigate`, `did-start-navigation`, `render-process-gone`, `did-finish-load`. */
export class WebContents extends EventEmitter {
  readonly #preload: string | undefined
  #page: Promise<Page>
  /** The page as it is now; another one after a crash. */
  #current: Page | null = null
  #crashed = false
  #windowOpen: WindowOpenHandler = () => ({ action: 'deny' })
  /** The address that the program itself is loading; every other navigation is the page's doing. */
  #loading: string | null = null
  #sending: Promise<void> = Promise.resolve()
  #closed = false

  constructor(preload: string | undefined) {
    super()
    this.#preload = preload
    this.#page = this.#open()
    this.#page.catch(() => undefined)
  }

  page(): Promise<Page> {
    return this.#page
  }

  isDestroyed(): boolean {
    return this.#closed
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpen = handler
  }

  /** Messages arrive in the order in which they were sent. */
  send(channel: string, ...sent: unknown[]): void {
    this.#sending = this.#sending.then(async () => {
      const page = await this.#page
      await page
        .evaluate(
          ([name, to, what]) => {
            const hear: unknown = Reflect.get(window, name)
            if (typeof hear === 'function') hear(to, what)
          },
          [HEAR, channel, sent] as const,
        )
        // The page went away or is being loaded anew: Electron drops such messages too.
        .catch(() => undefined)
    })
  }

  reload(): void {
    void this.#page.then(page => (this.#crashed ? this.#revive(page) : this.#load(page.url(), () => page.reload())))
  }

  /** A crashed page cannot be used again here: another one takes its place at the same address. */
  async #revive(crashed: Page): Promise<void> {
    const address = crashed.url()
    const page = await crashed.context().newPage()
    this.#crashed = false
    this.#current = page
    this.#page = Promise.resolve(page)
    this.#watch(page)
    await crashed.close()
    await this.#load(address, () => page.goto(address))
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.#page
    const url = toChromium(address, ownSchemes)
    await this.#load(url, () => page.goto(url))
    this.emit('did-finish-load')
  }

  async #load(url: string, load: () => Promise<unknown>): Promise<void> {
    this.#loading = url
    try {
      await load()
    } finally {
      this.#loading = null
    }
  }

  async #open(): Promise<Page> {
    const context = await chromium.context()
    await context.exposeBinding(INVOKE, ({ frame }, message: { readonly channel?: unknown; readonly sent?: unknown }) =>
      invoked({ sender: this, senderFrame: this.#frame(frame) }, message?.channel, message?.sent),
    )
    const preload = this.#preload === undefined ? '' : await readFile(this.#preload, 'utf8')
    const origins = [...ownSchemes].map(scheme => `.${scheme}.invalid`)
    await context.addInitScript({ content: pageSide(preload, origins) })
    const page = context.pages()[0] ?? (await context.newPage())
    this.#current = page
    await context.route('**/*', route => this.#answer(route))
    context.on('page', other => void this.#refusePopup(other))
    context.on('close', () => {
      this.#closed = true
    })
    this.#watch(page)
    return page
  }

  #watch(page: Page): void {
    page.on('crash', () => {
      this.#crashed = true
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    page.on('close', () => {
      if (page !== this.#current) return
      this.#closed = true
      this.emit('destroyed')
    })
    page.on('download', download => void download.saveAs(chromium.downloadPath(download.suggestedFilename())))
  }

  #frame(frame: Frame) {
    const url = fromChromium(frame.url(), ownSchemes)
    return { parent: frame.parentFrame(), url, origin: originOf(url) }
  }

  /** A window that nobody allowed; one that takes a crashed page's place has no opener and no address yet. */
  async #refusePopup(other: Page): Promise<void> {
    if (other === this.#current || (this.#crashed && (await other.opener()) === null)) return
    // Its address comes as a request a moment later (see #answer); closed sooner, the program's guard would never hear of it.
    await other.waitForEvent('request', { timeout: POPUP_ASKS_WITHIN }).catch(() => undefined)
    if (other.url() === 'about:blank') this.#windowOpen({ url: 'about:blank' })
    await other.close().catch(() => undefined)
  }

  /** Every request passes here: navigations are put before the program's guards, own schemes are answered by it, the rest is refused. */
  async #answer(route: Route): Promise<void> {
    const request = route.request()
    const url = fromChromium(request.url(), ownSchemes)
    if (request.isNavigationRequest()) {
      const frame = frameOf(request)
      if (!frame || frame.page() !== this.#current) {
        this.#windowOpen({ url })
        return route.abort('aborted')
      }
      if (!this.#mayNavigate(url, frame, request.url())) return route.abort('aborted')
    }
    const answer = await answerFor(
      new Request(url, { method: request.method(), headers: request.headers(), body: bodyOf(request) }),
    )
    if (!answer) return route.abort('blockedbyclient')
    await route
      .fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      })
      .catch(() => undefined)
  }

  #mayNavigate(url: string, frame: Frame, asked: string): boolean {
    const isMainFrame = frame.parentFrame() === null
    let prevented = false
    const details = {
      url,
      isMainFrame,
      isSameDocument: false,
      preventDefault: () => {
        prevented = true
      },
    }
    if (!(isMainFrame && this.#loading === asked)) {
      this.emit('will-frame-navigate', details)
      if (isMainFrame) this.emit('will-navigate', details)
    }
    if (!prevented) this.emit('did-start-navigation', details)
    return !prevented
  }
}

/** The frame of a navigation; null where its page does not exist yet, which is so for new windows. */
function frameOf(request: PageRequest): Frame | null {
  try {
    return request.frame()
  } catch {
    return null
  }
}

const bodyOf = (request: PageRequest): Uint8Array<ArrayBuffer> | null => {
  const body = request.postDataBuffer()
  return body ? new Uint8Array(body) : null
}

type Shape = Pick<Electron.WebContents, 'isDestroyed' | 'send' | 'reload' | 'loadURL'>
WebContents satisfies new (
  preload: string | undefined,
) => Shape
