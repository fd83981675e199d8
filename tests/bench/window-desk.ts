import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page } from 'playwright-core'
import { z } from 'zod'
import { desktopCommand } from '../../scripts/desktop-command.mjs'
import { isOwnPage } from '../e2e/support/launch.ts'
import { soon } from '../e2e/support/soon.ts'

/** The built program in its window, started without anybody looking: a debugger joins only when it has said that it runs. */
export interface BenchDesk extends AsyncDisposable {
  readonly page: Page
  readonly dataFolder: string
  readonly standIn: boolean
  readonly process: ChildProcess
  /** Milliseconds since 1970 when the process was started. */
  readonly begun: number
  /** What the program noted of its own start, milliseconds since its process began. */
  readonly started: Readonly<Record<string, number>>
  /** Address of Node's own inspector; for the memory of the main process. */
  readonly inspector: string | null
}

export async function openBenchDesk(
  dataFolder: string,
  { inspect = false, officeFolder = null }: { readonly inspect?: boolean; readonly officeFolder?: string | null } = {},
): Promise<BenchDesk> {
  const { file, args, standIn } = desktopCommand([
    `--data=${dataFolder}`,
    '--remote-debugging-port=0',
    '--headless',
    officeFolder === null ? '--practice' : `--office=${officeFolder}`,
  ])
  const diary = join(dataFolder, 'logs', 'desk.log')
  const profile = join(dataFolder, standIn ? 'chromium' : '')
  rmSync(diary, { force: true })
  rmSync(join(profile, 'DevToolsActivePort'), { force: true })
  const begun = Date.now()
  await using parts = new AsyncDisposableStack()
  const desktop = spawn(file, [...(inspect && standIn ? ['--inspect=127.0.0.1:0'] : []), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  parts.defer(() => end(desktop))
  let said = ''
  desktop.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const started = await soon('its note of the start', desktop, () => startTimes(diary))
  // The first picture is on the screen by then; joining sooner would cost the start.
  await pause(1500)
  const address = await soon('its debugging address', desktop, () => debuggingAddress(profile))
  const browser = await chromium.connectOverCDP(address)
  // whoever ends first, the program or the joining, takes the other along
  parts.defer(() => browser.close().catch(() => undefined))
  const page = await soon(
    'its page',
    desktop,
    () => browser.contexts().flatMap(context => context.pages().filter(each => isOwnPage(each.url())))[0],
  )
  page.setDefaultTimeout(120_000)
  const inspector = /ws:\/\/\S+/.exec(said)?.[0] ?? null
  const opened = parts.move()
  return {
    ...{ page, dataFolder, standIn, process: desktop, begun, started, inspector },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function end(desktop: ChildProcess): Promise<void> {
  if (desktop.exitCode !== null || desktop.signalCode !== null) return
  const ended = once(desktop, 'exit')
  desktop.kill('SIGTERM')
  await ended
}

const noteSchema = z.object({ msg: z.string() })

function startTimes(diary: string): Readonly<Record<string, number>> | undefined {
  if (!existsSync(diary)) return undefined
  const lines = readFileSync(diary, 'utf8').split('\n').filter(Boolean)
  const notes = lines.map(line => noteSchema.parse(JSON.parse(line)).msg)
  const note = notes.find(each => each.startsWith('started'))
  return (
    note && Object.fromEntries([...note.matchAll(/([a-z ]+) (\d+)/g)].map(([, what, ms]) => [what?.trim(), Number(ms)]))
  )
}

function debuggingAddress(profile: string): string | undefined {
  const file = join(profile, 'DevToolsActivePort')
  const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return port && path ? `ws://127.0.0.1:${port}${path}` : undefined
}
