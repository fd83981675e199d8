import { fileURLToPath } from 'node:url'
import { utilityProcess } from 'electron'
import type { LaunchModuleProcess } from '../../native-signing/token/index.ts'
import type { LaunchForeignProcess } from '../foreign/foreign-process.ts'
import type { LaunchSoftTokenWorker } from '../sandbox/soft-token.ts'

/**
 * Runs a token's module in a utility process. Node's own `fork` would need Electron to run as Node, which the fuse RunAsNode forbids in the
 * packaged program.
 */
export const launchTokenProcess: LaunchModuleProcess = environment =>
  launch('token', new URL('./token-worker.ts', import.meta.url), { ...process.env, ...environment })

/** Runs the maker of practice tokens in a utility process. */
export const launchSoftTokenProcess: LaunchSoftTokenWorker = environment =>
  launch('token', new URL('./practice-token-worker.ts', import.meta.url), { ...process.env, ...environment })

/** Reads strangers' files in a utility process. */
export const launchForeignProcess: LaunchForeignProcess = environment =>
  launch('foreign-files', new URL('./foreign-worker.ts', import.meta.url), environment)

function launch(serviceName: string, program: URL, env: NodeJS.ProcessEnv) {
  const child = utilityProcess.fork(fileURLToPath(program), [], {
    env,
    serviceName,
    stdio: 'ignore',
  })
  return {
    send: (message: unknown) => child.postMessage(message),
    onMessage: (listener: (message: unknown) => void) => void child.on('message', listener),
    onEnd: (listener: () => void) => void child.once('exit', () => listener()),
    // A module that hangs in C does not heed a polite wish to end.
    kill: () => {
      if (child.pid === undefined) child.kill()
      else killAtOnce(child.pid)
    },
  }
}

function killAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!gone) throw error
  }
}
