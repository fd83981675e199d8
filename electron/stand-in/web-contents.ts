import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type * as Electron from 'electron'
import type { z } from 'zod'
import { fromChromium, originOf, toChromium } from './addresses.ts'
import { chromium, type Target } from './chromium.ts'
import { invoked } from './ipc-main.ts'
import {
  anySchema,
  askedOf,
  bindingCalledSchema,
  type Context,
  contextCreatedSchema,
  contextDestroyedSchema,
  navigateAnswerSchema,
  navigatedSchema,
  type RequestPaused,
  requestPausedSchema,
  targetDestroyedSchema,
  windowOpenSchema,
} from './page-messages.ts'
import { ANSWER, HEAR, pageSide, SEND } from './page-side.ts'
import { answerFor, ownSchemes } from './protocol.ts'

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' }

/**
 * Milliseconds. A page that another debugger (a test) has not yet let run holds up the one that opened it, and would for ever if it were
 * closed by then. It reaches nothing meanwhile: Chromium finds no host.
 */
const OTHER_PAGE_LIVES = 500

/** One page. Events: `will-navigate`, `will-frame-navigate`, `did-start-navigation`, `render-process-gone`, `did-finish-load`. */
export class WebContents extends EventEmitter {
  readonly #preload: string | undefined
  /** The page as it is now; another one after a crash. */
  #target: Target | null = null
  #opened: Promise<void>
  #address = 'about:blank'
  #crashed = false
  #closed = false
  #windowOpen: WindowOpenHandler = () => ({ action: 'deny' })
  /** The address that the program itself is loading; every other navigation is the page's doing. */
  #loading: string | null = null
  readonly #contexts = new Map<number, Context>()

  constructor(preload: string | undefined) {
    super()
    this.#preload = preload
    this.#opened = this.#open()
    this.#opened.catch(() => undefined)
  }

  isDestroyed(): boolean {
    return this.#closed
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpen = handler
  }

  /** Messages arrive in the order in which they were sent; those for a page that is just going away are dropped, as in Electron. */
  send(channel: string, ...sent: unknown[]): void {
    const context = [...this.#contexts.values()].find(each => each.auxData.frameId === this.#target?.targetId)
    if (context) this.#tell(context.id, HEAR, channel, sent)
  }

  reload(): void {
    const again = this.#crashed ? this.#revive() : this.#load(this.#address)
    again.catch(said)
  }

  focus(): void {
    void this.command('Page.bringToFront').catch(() => undefined)
  }

  async loadURL(address: string): Promise<void> {
    await this.#opened
    await this.#load(toChromium(address, ownSchemes))
    this.emit('did-finish-load')
  }

  /** A command of the DevTools protocol to this page. */
  async command(method: string, params: object = {}): Promise<unknown> {
    await this.#opened
    const { devtools } = await chromium.running()
    return devtools.send(method, params, this.#target?.sessionId)
  }

  /** A crashed page cannot be used again: another one takes its place at the same address. */
  async #revive(): Promise<void> {
    const crashed = this.#target
    const address = this.#address
    const { devtools } = await chromium.running()
    await this.#watch(await chromium.open())
    this.#crashed = false
    if (crashed) await devtools.send('Target.closeTarget', { targetId: crashed.targetId })
    await this.#load(address)
  }

  async #load(url: string): Promise<void> {
    const { devtools } = await chromium.running()
    const sessionId = this.#target?.sessionId ?? ''
    let done = () => {}
    const loaded = new Promise<void>(resolve => {
      done = resolve
    })
    const hearing = [
      devtools.on('Page.loadEventFired', anySchema, () => done(), sessionId),
      devtools.onClose(() => done()),
    ]
    this.#loading = url
    try {
      const { errorText } = navigateAnswerSchema.parse(await devtools.send('Page.navigate', { url }, sessionId))
      if (errorText) throw new Error(`${errorText} loading ${fromChromium(url, ownSchemes)}`)
      await loaded
    } finally {
      for (const hearNoMore of hearing) hearNoMore()
    }
  }

  async #open(): Promise<void> {
    const { devtools, first } = await chromium.running()
    chromium.onOtherPage = targetId => {
      // The program's own new page after a crash is not yet known by its name.
      if (this.#crashed) return
      const close = () => void devtools.send('Target.closeTarget', { targetId }).catch(() => undefined)
      setTimeout(close, OTHER_PAGE_LIVES)
    }
    devtools.on('Target.targetDestroyed', targetDestroyedSchema, ({ targetId }) => {
      if (targetId === this.#target?.targetId) this.#end()
    })
    devtools.onClose(() => this.#end())
    await this.#watch(first)
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    this.emit('destroyed')
  }

  async #watch(target: Target): Promise<void> {
    const { devtools } = await chromium.running()
    const preload = this.#preload === undefined ? '' : await readFile(this.#preload, 'utf8')
    const origins = [...ownSchemes].map(scheme => `.${scheme}.invalid`)
    const { sessionId } = target
    this.#target = target
    this.#contexts.clear()
    const hear = <Params>(method: string, schema: z.ZodType<Params>, listener: (params: Params) => void) =>
      devtools.on(method, schema, listener, sessionId)
    hear('Fetch.requestPaused', requestPausedSchema, paused => this.#answer(paused, target).catch(said))
    hear('Page.windowOpen', windowOpenSchema, ({ url }) => this.#windowOpen({ url: fromChromium(url, ownSchemes) }))
    hear('Page.frameNavigated', navigatedSchema, ({ frame }) => {
      if (frame.id === target.targetId) this.#address = frame.url
    })
    hear('Runtime.executionContextCreated', contextCreatedSchema, ({ context }) => {
      if (context.auxData.isDefault) this.#contexts.set(context.id, context)
    })
    hear('Runtime.executionContextDestroyed', contextDestroyedSchema, ({ executionContextId }) => {
      this.#contexts.delete(executionContextId)
    })
    hear('Runtime.executionContextsCleared', anySchema, () => this.#contexts.clear())
    hear('Runtime.bindingCalled', bindingCalledSchema, ({ name, payload, executionContextId }) => {
      const context = this.#contexts.get(executionContextId)
      if (name === SEND && context) this.#invoke(context, payload).catch(said)
    })
    hear('Inspector.targetCrashed', anySchema, () => {
      this.#crashed = true
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    await Promise.all(
      [
        ['Page.enable'],
        ['Inspector.enable'],
        ['Runtime.enable'],
        ['Runtime.addBinding', { name: SEND }],
        ['Page.addScriptToEvaluateOnNewDocument', { source: pageSide(preload, origins) }],
        ['Fetch.enable', { patterns: [{ urlPattern: '*' }] }],
      ].map(([method, params]) => devtools.send(String(method), Object(params), sessionId)),
    )
  }

  async #invoke(context: Context, payload: string): Promise<void> {
    const asked = askedOf(payload)
    if (!asked) return
    const { id, message } = asked
    const url = fromChromium(context.origin, ownSchemes)
    const parent = context.auxData.frameId === this.#target?.targetId ? null : {}
    const sender = { sender: this, senderFrame: { parent, url, origin: originOf(url) } }
    this.#tell(context.id, ANSWER, id, await invoked(sender, message?.channel, message?.sent))
  }

  #tell(contextId: number, listener: string, ...what: readonly unknown[]): void {
    const words = what.map(each => JSON.stringify(each) ?? 'undefined').join(',')
    void this.command('Runtime.evaluate', { contextId, expression: `window.${listener}?.(${words})` }).catch(
      () => undefined,
    )
  }

  /** Every request passes here: navigations are put before the program's guards, own schemes are answered by it, the rest is refused. */
  async #answer({ requestId, request, frameId, resourceType }: RequestPaused, target: Target): Promise<void> {
    const { devtools } = await chromium.running()
    // The page may have gone meanwhile.
    const reply = (method: string, params: object) =>
      devtools.send(method, { requestId, ...params }, target.sessionId).catch(() => undefined)
    const url = fromChromium(request.url, ownSchemes)
    if (resourceType === 'Document' && !this.#mayNavigate(url, frameId === target.targetId, request.url))
      return void reply('Fetch.failRequest', { errorReason: 'Aborted' })
    const { method, headers, postData } = request
    const asked = async () => answerFor(new Request(url, { method, headers, body: postData ?? null }))
    const answer = await asked().catch(said)
    if (!answer) return void reply('Fetch.failRequest', { errorReason: 'BlockedByClient' })
    void reply('Fetch.fulfillRequest', {
      responseCode: answer.status,
      responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    })
  }

  #mayNavigate(url: string, isMainFrame: boolean, asked: string): boolean {
    let prevented = false
    const details = {
      url,
      isMainFrame,
      isSameDocument: false,
      preventDefault: () => {
        prevented = true
      },
    }
    if (isMainFrame && this.#loading === asked) this.#loading = null
    else {
      this.emit('will-frame-navigate', details)
      if (isMainFrame) this.emit('will-navigate', details)
    }
    if (!prevented) this.emit('did-start-navigation', details)
    return !prevented
  }
}

/** A failure that nobody waits for. */
const said = (error: unknown): void => void process.stderr.write(`stand-in: ${String(error)}\n`)

type Shape = Pick<Electron.WebContents, 'isDestroyed' | 'send' | 'reload' | 'loadURL' | 'focus'>
WebContents satisfies new (
  preload: string | undefined,
) => Shape
