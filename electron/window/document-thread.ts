import { Worker } from 'node:worker_threads'
import { DocumentError } from '../document/errors.ts'
import type { DocumentWork } from '../document-work.ts'
import { ForeignFiles } from '../foreign/foreign-files.ts'
import type { LaunchForeignProcess } from '../foreign/foreign-process.ts'
import { inThread } from '../work/in-thread.ts'
import { WorkPlace } from '../work/work-place.ts'
import { type DocumentTask, layoutSchema } from './document-tasks.ts'

/**
 * Where the window has its documents worked on: the office's own in a thread, those of strangers in processes for which nothing of the
 * office's own ever waits.
 */
export class DocumentThread implements DocumentWork {
  readonly #own = new WorkPlace<DocumentTask>(() =>
    inThread(new Worker(new URL('./document-worker.ts', import.meta.url))),
  )
  readonly #foreign: ForeignFiles
  readonly importFile: DocumentWork['importFile']
  readonly storeRawPage: DocumentWork['storeRawPage']
  readonly look: DocumentWork['look']
  readonly verify: DocumentWork['verify']

  /** @param launch Node's own way of starting a process when left out */
  constructor(launch?: LaunchForeignProcess) {
    this.#foreign = new ForeignFiles(launch)
    this.importFile = this.#foreign.importFile
    this.storeRawPage = this.#foreign.storeRawPage
    this.look = this.#foreign.look
    this.verify = this.#foreign.verify
  }

  readonly compose: DocumentWork['compose'] = async (request, out) => {
    for await (const layout of this.#own.run({ kind: 'compose', request, out })) return layoutSchema.parse(layout)
    throw new DocumentError('document-work-ended')
  }

  readonly printRegister: DocumentWork['printRegister'] = async (print, files) => {
    for await (const _ of this.#own.run({ kind: 'register', print, files }));
  }

  readonly printReceipt: DocumentWork['printReceipt'] = async (receipt, out) => {
    for await (const _ of this.#own.run({ kind: 'receipt', receipt, out }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#own, this.#foreign].map(each => each[Symbol.asyncDispose]()))
  }
}
