import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a program remembers of this person is not the tests' to touch. */
const stateHome = join(tmpdir(), `ctdesk-state-${process.pid}`)
process.once('exit', () => rmSync(stateHome, { recursive: true, force: true }))

/**
 * Runs a script of the project with this Node in a process of its own, as a terminal would.
 * @param stopAt Ctrl-C is pressed once it has said this on stderr: every process of the terminal gets the signal
 */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  stopAt?: string,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', script), ...args], {
      env: { ...process.env, XDG_STATE_HOME: stateHome, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: stopAt !== undefined,
    })
    let stopped = false
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
      if (stopped || stopAt === undefined || !stderr.includes(stopAt) || child.pid === undefined) return
      stopped = true
      process.kill(-child.pid, 'SIGINT')
    })
    child.once('error', reject)
    child.once('close', status => resolve({ status, stdout, stderr }))
  })
}

/** `ctdesk` with these arguments. */
export const ctdesk = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  stopAt?: string,
): Promise<Finished> => runScript('electron/cli/ctdesk.ts', args, environment, stopAt)
