import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

const messageSchema = z.union([
  z.object({ id: z.int(), result: z.unknown() }),
  z.object({ id: z.int(), error: z.object({ message: z.string() }) }),
  z.object({ method: z.string(), params: z.unknown(), sessionId: z.string().optional() }),
])

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

/** Chromium's DevTools protocol over a pipe: JSON texts, each ended by a zero byte. Commands and events of one target have its session's id. */
export class Devtools {
  readonly #write: Writable
  readonly #waiting = new Map<number, Waiting>()
  readonly #events = new EventEmitter().setMaxListeners(0)
  #unread: Buffer[] = []
  #last = 0
  #closed = false

  constructor(write: Writable, read: Readable) {
    this.#write = write
    read.on('data', (piece: Buffer) => this.#read(piece))
    read.once('close', () => this.#end())
    write.on('error', () => this.#end())
  }

  /** @throws Error what Chromium answers, or that it has gone */
  send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error('Chromium has gone'))
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  /**
   * Hears one kind of event, of one session or of the browser itself, in the shape that is needed of it.
   * @returns hears no more
   */
  on<Params>(
    method: string,
    schema: z.ZodType<Params>,
    listener: (params: Params) => void,
    sessionId = '',
  ): () => void {
    return this.#listen(`${sessionId} ${method}`, (params: unknown) => listener(schema.parse(params)))
  }

  /** @returns hears no more */
  onClose(listener: () => void): () => void {
    return this.#listen('close', listener)
  }

  #listen(event: string, listener: (params: unknown) => void): () => void {
    this.#events.on(event, listener)
    return () => {
      this.#events.off(event, listener)
    }
  }

  #read(piece: Buffer): void {
    for (let rest = piece; ; ) {
      const end = rest.indexOf(0)
      if (end < 0) {
        this.#unread.push(rest)
        return
      }
      const text = Buffer.concat([...this.#unread, rest.subarray(0, end)]).toString('utf8')
      this.#unread = []
      rest = rest.subarray(end + 1)
      this.#hear(messageSchema.parse(JSON.parse(text)))
    }
  }

  #hear(message: z.infer<typeof messageSchema>): void {
    if ('method' in message) {
      this.#events.emit(`${message.sessionId ?? ''} ${message.method}`, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('error' in message) waiting?.reject(new Error(message.error.message))
    else waiting?.resolve(message.result)
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(new Error('Chromium has gone'))
    this.#waiting.clear()
    this.#events.emit('close')
  }
}
