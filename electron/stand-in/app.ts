import { EventEmitter } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { z } from 'zod'
import { chromium } from './chromium.ts'
import { takeSingleInstanceLock } from './single-instance.ts'

const NAME = 'certified-copy-desk'
const LOCK = 'single-instance.lock'

/** The program's life. Events: `before-quit`, `window-all-closed`, `second-instance`. */
class StandInApp extends EventEmitter {
  readonly isPackaged = process.env['DESK_PACKAGED'] === '1'
  readonly #paths = new Map<string, string>([
    ['userData', join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), NAME)],
    ['downloads', join(homedir(), 'Downloads')],
    ['temp', tmpdir()],
  ])
  #locked = false

  getVersion(): string {
    const description: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
    return z.object({ version: z.string() }).parse(description).version
  }

  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`the stand-in knows no folder "${name}"`)
    return path
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  /** Chromium's own sandbox is on wherever the stand-in does not run as root, which Chromium refuses. */
  enableSandbox(): void {}

  async whenReady(): Promise<void> {
    process.once('SIGINT', () => this.quit())
    process.once('SIGTERM', () => this.quit())
    chromium.start(join(this.getPath('userData'), 'chromium'), this.getPath('downloads'))
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData')
    // Before the lock: an unanswered signal would end the program.
    process.on('SIGUSR2', () => this.emit('second-instance', {}, [], folder, null))
    if (!takeSingleInstanceLock(join(folder, LOCK), word => void process.stderr.write(`${word}\n`))) return false
    this.#locked = true
    return true
  }

  quit(): void {
    let prevented = false
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true
      },
    })
    if (!prevented) this.exit(0)
  }

  /** Whoever started the stand-in starts it again. */
  relaunch(): void {}

  exit(code = 0): void {
    if (this.#locked) rmSync(join(this.getPath('userData'), LOCK), { force: true })
    void chromium.stop().finally(() => process.exit(code))
  }
}

export const app = new StandInApp() satisfies Pick<
  Electron.App,
  | 'isPackaged'
  | 'getVersion'
  | 'getPath'
  | 'setPath'
  | 'enableSandbox'
  | 'whenReady'
  | 'requestSingleInstanceLock'
  | 'quit'
  | 'exit'
  | 'relaunch'
>
