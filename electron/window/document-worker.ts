import { parentPort } from 'node:worker_threads'
import { documentsHere } from '../document-work.ts'
import { serveWork } from '../work/serve-work.ts'
import type { DocumentTask } from './document-tasks.ts'

/** Entry of the thread that makes the office's own documents: copies, receipts, prints of the register. The window never waits for it. */

serveWork<DocumentTask>(
  {
    answer: each => parentPort?.postMessage(each),
    onMessage: listener => void parentPort?.on('message', listener),
  },
  async function* (task) {
    switch (task.kind) {
      case 'compose':
        yield await documentsHere.compose(task.request, task.out)
        return
      case 'register':
        await documentsHere.printRegister(task.print, task.files)
        return
      case 'receipt':
        await documentsHere.printReceipt(task.receipt, task.out)
    }
  },
)
