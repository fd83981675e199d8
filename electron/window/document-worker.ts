import { parentPort } from 'node:worker_threads'
import { SigningError } from '../../native-signing/errors.ts'
import { documentsHere } from '../document-work.ts'
import { DeskError } from '../errors.ts'
import type { DocumentTask } from './document-tasks.ts'
import type { WorkAnswer, WorkMessage } from './work-messages.ts'

/** Entry of the thread that works on documents: composing, reading of files, prints, verifying. The window never waits for it. */

const running = new Map<number, AbortController>()
const answer = (each: WorkAnswer): void => parentPort?.postMessage(each)

parentPort?.on('message', (message: WorkMessage<DocumentTask>) => {
  if (message.kind === 'stop') running.get(message.id)?.abort()
  else void run(message.id, message.work)
})

async function run(id: number, task: DocumentTask): Promise<void> {
  const stop = new AbortController()
  running.set(id, stop)
  try {
    for await (const item of work(task, stop.signal)) answer({ id, kind: 'item', item })
    answer({ id, kind: 'done' })
  } catch (error) {
    answer({ id, kind: 'failed', ...facts(error) })
  } finally {
    running.delete(id)
  }
}

async function* work(task: DocumentTask, signal: AbortSignal): AsyncGenerator<unknown> {
  switch (task.kind) {
    case 'compose':
      yield await documentsHere.compose(task.request, task.out)
      return
    case 'import':
      yield* documentsHere.importFile(task.path, task.directory, { firstPage: task.firstPage, signal })
      return
    case 'register':
      await documentsHere.printRegister(task.print, task.files)
      return
    case 'receipt':
      await documentsHere.printReceipt(task.receipt, task.out)
      return
    case 'verify':
      yield await documentsHere.verify(task.file, task.trust, { signal })
  }
}

function facts(error: unknown): Pick<Extract<WorkAnswer, { kind: 'failed' }>, 'code' | 'parameters' | 'message'> {
  if (error instanceof DeskError || error instanceof SigningError)
    return { code: error.code, parameters: error.parameters, message: error.message }
  if (!(error instanceof Error)) return { code: null, parameters: {}, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, parameters: {}, message: error.message }
}
