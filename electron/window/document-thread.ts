import { Worker } from 'node:worker_threads'
import { DOCUMENT_ERROR_CODES, DocumentError } from '../document/errors.ts'
import type { DocumentWork } from '../document-work.ts'
import {
  type DocumentAnswer,
  type DocumentMessage,
  type DocumentTask,
  importedPageSchema,
  layoutSchema,
} from './document-tasks.ts'

/** Milliseconds without work after which the thread, and what its libraries hold, is given back. */
const IDLE = 60_000

interface Task {
  hear(answer: DocumentAnswer): void
  ended(): void
}

/** The thread for documents: started by the first task, ended when nothing was asked for a while. */
export class DocumentThread implements DocumentWork {
  readonly #tasks = new Map<number, Task>()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #last = 0

  readonly compose: DocumentWork['compose'] = async (request, out) => {
    for await (const layout of this.#run({ kind: 'compose', request, out })) return layoutSchema.parse(layout)
    throw new Error('the document thread gave no layout')
  }

  readonly importFile: DocumentWork['importFile'] = (path, directory, { firstPage, signal }) =>
    this.#pages({ kind: 'import', path, directory, firstPage }, signal)

  readonly printRegister: DocumentWork['printRegister'] = async (print, files) => {
    for await (const _ of this.#run({ kind: 'register', print, files }));
  }

  readonly printReceipt: DocumentWork['printReceipt'] = async (receipt, out) => {
    for await (const _ of this.#run({ kind: 'receipt', receipt, out }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  async *#pages(task: DocumentTask, signal: AbortSignal | undefined) {
    for await (const page of this.#run(task, signal)) yield importedPageSchema.parse(page)
  }

  /** What the task brings, in order. @throws what it throws: DocumentError, and errors of the file system with their code */
  async *#run(task: DocumentTask, signal?: AbortSignal): AsyncGenerator<unknown> {
    const id = ++this.#last
    const answers: DocumentAnswer[] = []
    let wake = () => {}
    let gone = false
    this.#tasks.set(id, {
      hear: answer => {
        answers.push(answer)
        wake()
      },
      ended: () => {
        gone = true
        wake()
      },
    })
    clearTimeout(this.#idle)
    const stop = () => this.#say({ id, kind: 'stop' })
    signal?.addEventListener('abort', stop)
    try {
      this.#say({ id, kind: 'begin', task })
      for (;;) {
        const answer = answers.shift()
        if (answer?.kind === 'item') yield answer.item
        else if (answer?.kind === 'done') return
        else if (answer) throw failure(answer)
        else if (gone) throw new Error('the document thread ended')
        else
          await new Promise<void>(resolve => {
            wake = resolve
          })
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      stop()
      this.#tasks.delete(id)
      if (this.#tasks.size === 0) this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE).unref()
    }
  }

  #say(message: DocumentMessage): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(message)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./document-worker.ts', import.meta.url))
    worker.on('message', (answer: DocumentAnswer) => this.#tasks.get(answer.id)?.hear(answer))
    const end = () => {
      if (this.#worker === worker) this.#worker = null
      for (const task of this.#tasks.values()) task.ended()
    }
    worker.once('error', end)
    worker.once('exit', end)
    worker.unref()
    return worker
  }
}

function failure({ code, parameters, message }: Extract<DocumentAnswer, { kind: 'failed' }>): Error {
  const known = DOCUMENT_ERROR_CODES.find(each => each === code)
  if (known) return new DocumentError(known, parameters)
  return Object.assign(new Error(message), code === null ? {} : { code })
}
