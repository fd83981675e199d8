import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A process that can be killed at any moment. */
export interface Running {
  readonly pid: number
  /** Its output; read when it has ended. */
  output(): string
  readonly ended: boolean
  /** Resolves with its exit status when it has ended; null: it was killed. */
  readonly end: Promise<number | null>
  /** What it first sends to its parent. Rejects when it ends before. */
  readonly firstMessage: Promise<unknown>
  /** As power failing would. */
  kill(): Promise<void>
}

/** Starts a script of this folder. */
export const startProcess = (script: string, args: readonly string[]): Running =>
  follow(fork(join(import.meta.dirname, script), args, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }))

/** Starts `ctdesk`, which prints one JSON object. */
export const startCtdesk = (args: readonly string[]): Running =>
  follow(
    spawn(process.execPath, [join(import.meta.dirname, '../../electron/cli/ctdesk.ts'), '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )

function follow(child: ReturnType<typeof spawn>): Running {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => (output += piece))
  const end = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  const firstMessage = Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    end.then(code => Promise.reject(new Error(`it ended with ${code}: ${output}`))),
  ])
  firstMessage.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    get ended() {
      return child.exitCode !== null || child.signalCode !== null
    },
    end,
    firstMessage,
    kill: async () => {
      child.kill('SIGKILL')
      await end
    },
  }
}

/** The processes that others started, by the parent's id, whose command holds `word`; where the system has /proc. */
export function childrenOf(parents: readonly number[], word: string): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        return parents.includes(Number(parent)) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
      } catch {
        // it has ended meanwhile
        return false
      }
    })
    .map(Number)
}
