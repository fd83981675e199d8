import { Worker } from 'node:worker_threads'
import { DocumentError } from '../document/errors.ts'
import type { DocumentWork } from '../document-work.ts'
import { type DocumentTask, importedPageSchema, layoutSchema } from './document-tasks.ts'
import { verifiedFileSchema } from './verified-file.ts'
import { WorkThread } from './work-thread.ts'

const newThread = () => new WorkThread<DocumentTask>(() => new Worker(new URL('./document-worker.ts', import.meta.url)))

/**
 * The threads for documents. The office's own work shares one. Foreign files are judged in threads that nothing else waits for: judging heeds
 * no signal while it reads a hostile file, so it is stopped by ending its thread.
 */
export class DocumentThread implements DocumentWork {
  readonly #own = newThread()
  readonly #judges: WorkThread<DocumentTask>[] = []

  readonly compose: DocumentWork['compose'] = async (request, out) => {
    for await (const layout of this.#own.run({ kind: 'compose', request, out })) return layoutSchema.parse(layout)
    throw new DocumentError('document-work-ended')
  }

  readonly importFile: DocumentWork['importFile'] = (path, directory, { firstPage, signal }) =>
    this.#pages({ kind: 'import', path, directory, firstPage }, signal)

  readonly printRegister: DocumentWork['printRegister'] = async (print, files) => {
    for await (const _ of this.#own.run({ kind: 'register', print, files }));
  }

  readonly printReceipt: DocumentWork['printReceipt'] = async (receipt, out) => {
    for await (const _ of this.#own.run({ kind: 'receipt', receipt, out }));
  }

  readonly verify: DocumentWork['verify'] = async (file, trust, { signal } = {}) => {
    if (signal?.aborted) throw new DocumentError('document-work-stopped')
    const thread = this.#judge()
    const stop = () => void thread.end()
    signal?.addEventListener('abort', stop)
    try {
      for await (const verified of thread.run({ kind: 'verify', file, trust }))
        return verifiedFileSchema.parse(verified)
      throw new DocumentError('document-work-ended')
    } catch (error) {
      throw signal?.aborted ? new DocumentError('document-work-stopped', {}, { cause: error }) : error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#own, ...this.#judges].map(thread => thread[Symbol.asyncDispose]()))
  }

  #judge(): WorkThread<DocumentTask> {
    const free = this.#judges.find(thread => thread.free)
    if (free) return free
    const thread = newThread()
    this.#judges.push(thread)
    return thread
  }

  async *#pages(task: DocumentTask, signal: AbortSignal | undefined) {
    for await (const page of this.#own.run(task, signal)) yield importedPageSchema.parse(page)
  }
}
