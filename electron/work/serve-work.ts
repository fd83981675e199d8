import { SigningError } from '../../native-signing/errors.ts'
import { DeskError } from '../errors.ts'
import type { WorkAnswer, WorkMessage } from './work-messages.ts'

/** The other end's line: of a thread, or of a process. */
export interface WorkLine<Work> {
  answer(answer: WorkAnswer): void
  onMessage(listener: (message: WorkMessage<Work>) => void): void
}

/** Does what is asked over a line, several tasks at a time, and tells what each brings. */
export function serveWork<Work>(
  line: WorkLine<Work>,
  begin: (work: Work, signal: AbortSignal) => AsyncIterable<unknown>,
): void {
  const running = new Map<number, AbortController>()

  async function run(id: number, work: Work): Promise<void> {
    const stop = new AbortController()
    running.set(id, stop)
    try {
      for await (const item of begin(work, stop.signal)) line.answer({ id, kind: 'item', item })
      line.answer({ id, kind: 'done' })
    } catch (error) {
      line.answer({ id, kind: 'failed', ...facts(error) })
    } finally {
      running.delete(id)
    }
  }

  line.onMessage(message => {
    if (message.kind === 'stop') running.get(message.id)?.abort()
    else void run(message.id, message.work)
  })
}

function facts(error: unknown): Pick<Extract<WorkAnswer, { kind: 'failed' }>, 'code' | 'parameters' | 'message'> {
  if (error instanceof DeskError || error instanceof SigningError)
    return { code: error.code, parameters: error.parameters, message: error.message }
  if (!(error instanceof Error)) return { code: null, parameters: {}, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, parameters: {}, message: error.message }
}
