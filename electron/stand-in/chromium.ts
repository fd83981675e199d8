import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium as playwright } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The real browser under the stand-in: one process with one profile, nothing of it reaches the net. */
class Chromium {
  #context: Promise<BrowserContext> | null = null
  #downloads = ''

  /** Starts it; `context` waits until it runs. */
  start(profile: string, downloads: string): void {
    const executablePath = process.env['DESK_CHROMIUM'] ?? places.find(place => existsSync(place))
    if (!executablePath) throw new Error('neither Electron nor Chromium was found: apt-get install chromium')
    const headless = process.argv.includes('--headless')
    const debugging = process.argv.find(word => word.startsWith('--remote-debugging-port='))
    this.#downloads = downloads
    this.#context = playwright.launchPersistentContext(profile, {
      executablePath,
      headless,
      chromiumSandbox: process.getuid?.() !== 0,
      viewport: null,
      serviceWorkers: 'block',
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        '--app=about:blank',
        '--window-size=1280,800',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        '--deny-permission-prompts',
        ...(debugging === undefined ? [] : [debugging]),
      ],
    })
    // Whoever waits for it meets the failure; nobody has to.
    this.#context.catch(() => undefined)
  }

  context(): Promise<BrowserContext> {
    if (!this.#context) throw new Error('app.whenReady() first')
    return this.#context
  }

  downloadPath(name: string): string {
    return join(this.#downloads, name)
  }

  async stop(): Promise<void> {
    const context = await this.#context?.catch(() => null)
    await context?.close().catch(() => undefined)
  }
}

export const chromium = new Chromium()
