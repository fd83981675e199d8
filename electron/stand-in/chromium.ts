import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { Devtools } from './devtools.ts'

/** Debian's program itself before its starter, a script that adds switches of its own and a tenth of a second. */
const places = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** A quiet browser that asks nobody anything: no first run, no service of its own, nothing over the net. */
const SWITCHES = [
  '--remote-debugging-pipe',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--deny-permission-prompts',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--password-store=basic',
  '--use-mock-keychain',
  '--enable-automation',
  '--metrics-recording-only',
  '--force-color-profile=srgb',
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-features=MediaRouter,OptimizationHints,Translate,AcceptCHFrame,HttpsUpgrades,DestroyProfileOnBrowserClose',
  '--disable-field-trial-config',
  '--disable-hang-monitor',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--disable-renderer-backgrounding',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  // Two processes fewer to start: the network, of which nothing is used, and the graphics, which have no card to be kept from here.
  '--enable-features=NetworkServiceInProcess2',
  '--in-process-gpu',
]
const HEADLESS = ['--headless', '--hide-scrollbars', '--mute-audio']

const targetSchema = z.object({
  targetInfo: z.object({ targetId: z.string(), type: z.string(), url: z.string() }),
})

/** A page of the browser, attached to. */
export interface Target {
  readonly targetId: string
  readonly sessionId: string
}

interface Running {
  readonly devtools: Devtools
  readonly first: Target
}

/** The real browser under the stand-in: one process with one profile, nothing of it reaches the net. */
class Chromium {
  #child: ChildProcess | null = null
  #running: Promise<Running> | null = null
  /** Called for each page that is opened beside the program's own. */
  onOtherPage: (targetId: string) => void = () => {}

  /** Starts it; `running` waits until it has a page. */
  start(profile: string, downloads: string): void {
    const executable = process.env['DESK_CHROMIUM'] ?? places.find(place => existsSync(place))
    if (!executable) throw new Error('neither Electron nor Chromium was found: apt-get install chromium')
    const debugging = process.argv.find(word => word.startsWith('--remote-debugging-port='))
    const child = spawn(
      executable,
      [
        ...SWITCHES,
        ...(process.argv.includes('--headless') ? HEADLESS : []),
        // Chromium refuses its own sandbox where it runs as root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...(debugging === undefined ? [] : [debugging]),
        `--user-data-dir=${profile}`,
        '--window-size=1280,800',
        // An address that may be an app's own window; others get tabs, an address bar and the pages behind them.
        '--app=data:,',
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    )
    this.#child = child
    this.#running = this.#attach(child, downloads)
    // Whoever waits for it meets the failure; nobody has to.
    this.#running.catch(() => undefined)
  }

  running(): Promise<Running> {
    if (!this.#running) throw new Error('app.whenReady() first')
    return this.#running
  }

  /** A new page at an empty address. */
  async open(): Promise<Target> {
    const { devtools } = await this.running()
    const { targetId } = z
      .object({ targetId: z.string() })
      .parse(await devtools.send('Target.createTarget', { url: 'about:blank' }))
    return attach(devtools, targetId)
  }

  async stop(): Promise<void> {
    const child = this.#child
    const running = await this.#running?.catch(() => null)
    // It was never there, or has ended: by itself, or by somebody's signal.
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    if (running) await running.devtools.send('Browser.close').catch(() => child.kill())
    else child.kill()
    await ended
  }

  async #attach(child: ChildProcess, downloads: string): Promise<Running> {
    const [, , , write, read] = child.stdio
    if (!(write instanceof Writable) || !(read instanceof Readable)) throw new Error('Chromium has no pipe')
    const failed = new Promise<never>((_, reject) => {
      child.once('error', reject)
      child.once('exit', code => reject(new Error(`Chromium ended with ${code}`)))
    })
    failed.catch(() => undefined)
    const devtools = new Devtools(write, read)
    const firstPage = new Promise<string>(resolve => {
      let first = true
      devtools.on('Target.targetCreated', targetSchema, ({ targetInfo: { targetId, type } }) => {
        if (type !== 'page') return
        if (first) resolve(targetId)
        else this.onOtherPage(targetId)
        first = false
      })
    })
    const begun = Promise.all([
      devtools.send('Target.setDiscoverTargets', { discover: true }),
      devtools.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads }),
    ])
    await Promise.race([begun, failed])
    const first = await Promise.race([firstPage.then(targetId => attach(devtools, targetId)), failed])
    return { devtools, first }
  }
}

async function attach(devtools: Devtools, targetId: string): Promise<Target> {
  const answer = await devtools.send('Target.attachToTarget', { targetId, flatten: true })
  return { targetId, ...z.object({ sessionId: z.string() }).parse(answer) }
}

export const chromium = new Chromium()
