import { parentPort } from 'node:worker_threads'
import { documentsHere } from '../document-work.ts'
import { serveWork } from '../work/serve-work.ts'
import type { ForeignTask } from './foreign-tasks.ts'

/** Entry of the thread that reads strangers' files, in a process that has nothing else to do. */

serveWork<ForeignTask>(
  {
    answer: each => parentPort?.postMessage(each),
    onMessage: listener => void parentPort?.on('message', listener),
  },
  async function* (task, signal) {
    switch (task.kind) {
      case 'import':
        yield* documentsHere.importFile(task.path, task.directory, { firstPage: task.firstPage, signal })
        return
      case 'raw-page':
        yield await documentsHere.storeRawPage(task.page)
        return
      case 'look':
        yield await documentsHere.look(task.look)
        return
      case 'verify':
        yield await documentsHere.verify(task.file, task.trust)
    }
  },
)
