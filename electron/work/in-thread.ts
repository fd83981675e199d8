import type { Worker } from 'node:worker_threads'
import type { Workshop } from './work-place.ts'

/** A thread of this process as a workshop. A message that cannot be read ends it. */
export function inThread(worker: Worker): Workshop {
  worker.unref()
  return {
    send: message => worker.postMessage(message),
    onMessage: listener => void worker.on('message', listener),
    onEnd: listener => {
      let told = false
      const end = (cause: unknown) => {
        if (!told) listener(cause)
        told = true
      }
      worker.once('messageerror', error => {
        end(error)
        void worker.terminate()
      })
      worker.once('error', end)
      worker.once('exit', () => end(undefined))
    },
    kill: async () => void (await worker.terminate()),
    keepProgram: keep => (keep ? worker.ref() : worker.unref()),
  }
}
