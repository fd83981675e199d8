import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { SigningError } from '../native-signing/errors.ts'
import type { InspectionAnswer, InspectionTask } from './file-inspection-worker.ts'
import type { InspectedFile, InspectFile } from './office/audit/check-files.ts'
import { type CopyFacts, readCopy } from './office/verification/read-copy.ts'
import { systemFault } from './system-fault.ts'

const CHUNK = 1024 * 1024

/** Hashes a file and reads it as a copy where that is asked, in the thread that calls. */
export function inspectHere(path: string, as: 'file' | 'copy'): InspectedFile {
  const sha256 = hashOf(path)
  if (sha256 === 'unreadable') return { sha256: null, copy: null, unreadable: true }
  return { sha256, copy: sha256 !== null && as === 'copy' ? copyOf(path) : null }
}

/** Null where nothing is. What is no file (a folder, a pipe, a device) and what may not be read is unreadable; a pipe is not waited for. */
function hashOf(path: string): string | 'unreadable' | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const fault = systemFault(code)
    if (fault === 'path-missing') return null
    if (fault !== null && fault !== 'machine-exhausted') return 'unreadable'
    throw error
  }
  try {
    if (!fstatSync(file).isFile()) return 'unreadable'

    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(CHUNK)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read))
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

/** What is no PDF of ours says nothing. */
function copyOf(path: string): CopyFacts | null {
  try {
    return readCopy(path, null)
  } catch (error) {
    if (error instanceof SigningError) return null
    throw error
  }
}

/** Two files at a time read faster than one, and leave the machine to those who work at it. */
const THREADS = Math.max(1, Math.min(2, availableParallelism()))

interface Waiting {
  readonly resolve: (file: InspectedFile) => void
  readonly reject: (error: Error) => void
}

/** Threads that read stored files; started by the first question, ended with `dispose` and after a while without one. */
export class FileInspection implements AsyncDisposable {
  #threads: Worker[] = []
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #idle: NodeJS.Timeout | undefined

  readonly inspect: InspectFile = (path, as) => {
    clearTimeout(this.#idle)
    if (this.#threads.length === 0) this.#threads = Array.from({ length: THREADS }, () => this.#start())
    // Whoever waits keeps the program alive; threads without work do not.
    for (const thread of this.#threads) thread.ref()
    const id = ++this.#last
    const task: InspectionTask = { id, path, as }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#threads[id % this.#threads.length]?.postMessage(task)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle)
    const threads = this.#threads
    this.#threads = []
    await Promise.all(threads.map(thread => thread.terminate()))
    this.#fail(new Error('the threads that read stored files were ended'))
  }

  #start(): Worker {
    const thread = new Worker(new URL('./file-inspection-worker.ts', import.meta.url))
    thread.on('message', (answer: InspectionAnswer) => this.#hear(answer))
    thread.once('error', error => {
      this.#threads = this.#threads.filter(each => each !== thread)
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    })
    return thread
  }

  #hear(answer: InspectionAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('file' in answer) waiting?.resolve(answer.file)
    else waiting?.reject(new Error(answer.error))
    if (this.#waiting.size > 0) return
    for (const thread of this.#threads) thread.unref()
    this.#idle = setTimeout(() => void this[Symbol.asyncDispose](), 10_000).unref()
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
