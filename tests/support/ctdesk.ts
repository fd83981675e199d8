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

/** Runs a script of the project with this Node in a process of its own, as a terminal would. */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', script), ...args], {
      env: { ...process.env, XDG_STATE_HOME: stateHome, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', status => resolve({ status, stdout, stderr }))
  })
}

/** `ctdesk` with these arguments. */
export const ctdesk = (args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Finished> =>
  runScript('electron/cli/ctdesk.ts', args, environment)
