import { fork } from 'node:child_process'
import type * as Electron from 'electron'

type Child = Pick<Electron.UtilityProcess, 'postMessage' | 'kill'>
interface Options {
  readonly env?: NodeJS.ProcessEnv
}

const parentPort = new URL('./parent-port.ts', import.meta.url).href

/** A child of Node that finds `process.parentPort` as in Electron's utility process. */
export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = [], { env = {} }: Options = {}) {
    const child = fork(modulePath, args, {
      env,
      execArgv: ['--import', parentPort],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // A start that fails is an end, as in Electron.
    child.once('error', () => child.emit('exit', 1))
    return Object.assign(child, {
      postMessage: (message: object) => {
        if (child.connected) child.send(message, error => error && child.kill())
      },
    })
  },
} satisfies { fork(modulePath: string, args?: string[], options?: Options): Child }
