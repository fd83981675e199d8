import { fileURLToPath } from 'node:url'
import { utilityProcess } from 'electron'
import type { LaunchModuleProcess } from '../../native-signing/token/index.ts'

/**
 * Runs a token's module in a utility process. Node's own `fork` would need Electron to run as Node, which the fuse RunAsNode forbids in the
 * packaged program.
 */
export const launchTokenProcess: LaunchModuleProcess = environment => {
  const child = utilityProcess.fork(fileURLToPath(new URL('./token-worker.ts', import.meta.url)), [], {
    env: { ...process.env, ...environment },
    serviceName: 'token',
    stdio: 'ignore',
  })
  return {
    send: message => child.postMessage(message),
    onMessage: listener => void child.on('message', listener),
    onEnd: listener => void child.once('exit', () => listener()),
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
