import { SIGNING_ERROR_CODES, SigningError } from '../../native-signing/errors.ts'
import { DOCUMENT_ERROR_CODES, DocumentError } from '../document/errors.ts'
import type { WorkAnswer, WorkMessage } from './work-messages.ts'

/** A thread or process that hears `WorkMessage` and answers `WorkAnswer`. */
export interface Workshop {
  send(message: unknown): void
  onMessage(listener: (answer: WorkAnswer) => void): void
  /** Called once when it has ended, or could not be started, with the reason where there is one. */
  onEnd(listener: (cause: unknown) => void): void
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>
  /** Whether it keeps the program from ending; where it can be said. */
  keepProgram?(keep: boolean): void
}

/** Milliseconds without work after which a place, and what its libraries hold, is usually given back. */
const IDLE = 60_000

interface Task {
  hear(answer: WorkAnswer): void
  ended(cause: unknown): void
}

/** A workshop with what was asked of it: whoever asked a dead one never waits for the next one's answers. */
interface Running {
  readonly shop: Workshop
  readonly tasks: Map<number, Task>
}

/** A place for long work: started by the first task, and by the first one after it died; ended when nothing was asked for a while. */
export class WorkPlace<Work> implements AsyncDisposable {
  readonly #start: () => Workshop
  readonly #idleTime: number
  #running: Running | null = null
  #idle: NodeJS.Timeout | undefined
  #last = 0
  #closed = false

  /** @param idle milliseconds without work after which it is given back */
  constructor(start: () => Workshop, idle = IDLE) {
    this.#start = start
    this.#idleTime = idle
  }

  /** Nothing is under way. */
  get free(): boolean {
    return !this.#running || this.#running.tasks.size === 0
  }

  /** Ends it at once, whatever it does; the next task starts another. */
  async end(): Promise<void> {
    clearTimeout(this.#idle)
    const { shop } = this.#running ?? {}
    this.#running = null
    await shop?.kill()
  }

  /** Ends it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.end()
  }

  /**
   * What the task brings, in order. Its signal is passed on, and ends the task in order.
   * @throws DocumentError document-work-ended where the place dies; else what the task throws: errors of ours, others with their code
   */
  async *run(work: Work, signal?: AbortSignal): AsyncGenerator<unknown> {
    if (this.#closed) throw new DocumentError('document-work-ended')
    const id = ++this.#last
    const answers: WorkAnswer[] = []
    let wake = () => {}
    let end: { readonly cause: unknown } | null = null
    const running = this.#begin()
    const { shop, tasks } = running
    tasks.set(id, {
      hear: answer => {
        answers.push(answer)
        wake()
      },
      ended: cause => {
        end = { cause }
        wake()
      },
    })
    const say = (message: WorkMessage<Work>) => shop.send(message)
    const stop = () => say({ id, kind: 'stop' })
    signal?.addEventListener('abort', stop)
    shop.keepProgram?.(true)
    try {
      say({ id, kind: 'begin', work })
      if (signal?.aborted) stop()
      for (;;) {
        const answer = answers.shift()
        if (answer?.kind === 'item') yield answer.item
        else if (answer?.kind === 'done') return
        else if (answer) throw failure(answer)
        else if (end) throw new DocumentError('document-work-ended', {}, end)
        else
          await new Promise<void>(resolve => {
            wake = resolve
          })
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      stop()
      tasks.delete(id)
      this.#rest(running)
    }
  }

  #begin(): Running {
    clearTimeout(this.#idle)
    if (this.#running) return this.#running
    const shop = this.#start()
    const running: Running = { shop, tasks: new Map() }
    shop.onMessage(answer => running.tasks.get(answer.id)?.hear(answer))
    shop.onEnd(cause => {
      if (this.#running === running) this.#running = null
      for (const task of running.tasks.values()) task.ended(cause)
    })
    this.#running = running
    return running
  }

  /** A place without work is kept for a while. Once it is to go it gets no task any more. */
  #rest(running: Running): void {
    if (running.tasks.size > 0) return
    running.shop.keepProgram?.(false)
    if (this.#running === running) this.#idle = setTimeout(() => void this.end(), this.#idleTime).unref()
  }
}

function failure({ code, parameters, message }: Extract<WorkAnswer, { kind: 'failed' }>): Error {
  const document = DOCUMENT_ERROR_CODES.find(each => each === code)
  if (document) return new DocumentError(document, parameters)
  const signing = SIGNING_ERROR_CODES.find(each => each === code)
  if (signing) return new SigningError(signing, parameters)
  return Object.assign(new Error(message), code === null ? {} : { code })
}
