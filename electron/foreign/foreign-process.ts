import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LinedProcess } from '../work/in-process.ts'

/** How a process for strangers' files is started; Electron hands in its utility process. */
export type LaunchForeignProcess = (environment: NodeJS.ProcessEnv) => LinedProcess

/** What such a process may know of this one's environment: no PIN, no password, no address. */
const KNOWN = /^(?:PATH|SYSTEMROOT|WINDIR|TEMP|TMP|TMPDIR|LANG|LC_\w+|TZ|LD_LIBRARY_PATH|NODE_COMPILE_CACHE)$/i

/** The environment of a process for strangers' files. */
export function foreignEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => KNOWN.test(name)))
}

/** Node's own way. */
export const forkForeignProcess: LaunchForeignProcess = environment => {
  const child = fork(fileURLToPath(new URL('./foreign-worker.ts', import.meta.url)), {
    env: environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return {
    send: message => {
      if (child.connected) child.send(Object(message), error => error && child.kill('SIGKILL'))
    },
    onMessage: listener => void child.on('message', listener),
    onEnd: listener => {
      child.once('error', listener)
      child.once('exit', listener)
    },
    kill: () => void child.kill('SIGKILL'),
    keepProgram: keep => {
      if (keep) child.ref()
      else child.unref()
      if (keep) child.channel?.ref()
      else child.channel?.unref()
    },
  }
}
