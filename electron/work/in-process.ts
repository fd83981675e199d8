import { workAnswerSchema } from './work-messages.ts'
import type { Workshop } from './work-place.ts'

/** A started process with a line to it, as Node forks it or Electron's utility process gives it. */
export interface LinedProcess {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called when the process has ended or could not be started. */
  onEnd(listener: () => void): void
  kill(): void
  keepProgram?(keep: boolean): void
}

/** A process as a workshop. One that a hostile file has taken over may say anything: what is no answer ends it. */
export function inProcess(child: LinedProcess): Workshop {
  const gone = new Promise<void>(resolve => child.onEnd(resolve))
  return {
    send: message => child.send(message),
    onMessage: listener =>
      child.onMessage(message => {
        const { data, success } = workAnswerSchema.safeParse(message)
        if (success) listener(data)
        else child.kill()
      }),
    onEnd: listener => void gone.then(() => listener(undefined)),
    kill: () => {
      // Its end is waited for.
      child.keepProgram?.(true)
      child.kill()
      return gone
    },
    keepProgram: keep => child.keepProgram?.(keep),
  }
}
