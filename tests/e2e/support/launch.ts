import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { desktopCommand } from '../../../scripts/desktop-command.mjs'
import { ensureBuilt } from '../../../scripts/ensure-built.mjs'
import { soon } from './soon.ts'

export interface LaunchOptions {
  /** The program's own data; keep it to start again on the same. */
  readonly dataFolder: string
  /** Starts in the practice office (made on the first start). */
  readonly practice?: boolean
  readonly officeFolder?: string
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * The real program in a real window, and its page. Tests must not use `exposeFunction` or `exposeBinding` on it: the stand-in has its own,
 * and Playwright names all of them alike.
 */
export interface RunningDesk extends AsyncDisposable {
  readonly page: Page
  readonly dataFolder: string
  /** True when it runs in Chromium through the stand-in. */
  readonly standIn: boolean
  /** Milliseconds from the start of the process until the page was there. */
  readonly startedIn: number
  /** What the program has said on its output. */
  output(): string
  /** Waits for the program to say it. */
  said(text: string): Promise<void>
  /** As the power failing would. */
  kill(): Promise<void>
}

/** For anything on the page; tests wait for what they expect to see and for nothing else. */
const LONGEST_WAIT = 60_000

/** Starts the built program (built first where sources are newer) and waits until its page has loaded. */
export async function launchDesk(options: LaunchOptions): Promise<RunningDesk> {
  ensureBuilt()
  const { file, args, standIn } = desktopCommand([
    `--data=${options.dataFolder}`,
    '--remote-debugging-port=0',
    ...(process.env['DESK_HEADED'] === '1' ? [] : ['--headless']),
    ...(options.practice ? ['--practice'] : []),
    ...(options.officeFolder === undefined ? [] : [`--office=${options.officeFolder}`]),
  ])
  const begun = performance.now()
  const desktop = spawn(file, args, {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that killing the program takes its browser along as a power failure would.
    detached: true,
  })
  let output = ''
  for (const stream of [desktop.stdout, desktop.stderr])
    stream.on('data', (piece: Buffer) => (output += piece.toString()))
  try {
    const address = await debuggingAddress(join(options.dataFolder, standIn ? 'chromium' : ''), desktop)
    const browser = await chromium.connectOverCDP(address)
    const page = await ownPage(desktop, () => browser.contexts().flatMap(context => context.pages()))
    const startedIn = performance.now() - begun
    return {
      page,
      dataFolder: options.dataFolder,
      standIn,
      startedIn,
      output: () => output,
      said: async text => {
        await soon(`“${text}”`, desktop, () => output.includes(text) || undefined)
      },
      kill: async () => {
        await killGroup(desktop)
        await browser.close().catch(() => undefined)
      },
      async [Symbol.asyncDispose]() {
        await browser.close().catch(() => undefined)
        await quit(desktop)
      },
    }
  } catch (error) {
    await killGroup(desktop)
    throw new Error(`the program did not start:\n${output}`, { cause: error })
  }
}

/** The address that the browser wrote down; not the one of an earlier start. */
function debuggingAddress(profile: string, desktop: ChildProcess): Promise<string> {
  const file = join(profile, 'DevToolsActivePort')
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const before = read()
  return soon('its debugging address', desktop, () => {
    const text = read()
    const [port, path] = text.split('\n')
    return text !== before && port && path ? `ws://127.0.0.1:${port}${path}` : undefined
  })
}

/** The program's page, in Electron or in the stand-in. */
export const isOwnPage = (address: string): boolean => /^(app:\/\/desk|https:\/\/desk\.app\.invalid)\//.test(address)

async function ownPage(desktop: ChildProcess, pages: () => readonly Page[]): Promise<Page> {
  const page = await soon('its page', desktop, () => pages().find(each => isOwnPage(each.url())))
  await page.waitForLoadState('load')
  page.setDefaultTimeout(LONGEST_WAIT)
  return page
}

async function quit(desktop: ChildProcess): Promise<void> {
  if (desktop.exitCode !== null || desktop.signalCode !== null) return
  const ended = once(desktop, 'exit')
  desktop.kill('SIGTERM')
  const hung = setTimeout(() => void killGroup(desktop), 15_000)
  await ended
  clearTimeout(hung)
}

async function killGroup(desktop: ChildProcess): Promise<void> {
  if (desktop.exitCode !== null || desktop.signalCode !== null || desktop.pid === undefined) return
  const ended = once(desktop, 'exit')
  process.kill(-desktop.pid, 'SIGKILL')
  await ended
}
