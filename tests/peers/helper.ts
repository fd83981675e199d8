import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const replySchema = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })])

/** What a helper process answers about signatures. */
export const opinionsSchema = z.array(
  z.object({ field: z.string().nullable(), level: z.string().nullable(), valid: z.boolean(), detail: z.string() }),
)

/** A program that stays alive and answers one JSON line with one JSON line, so that its start is paid once. */
export class Helper implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  readonly #milliseconds: number
  #last: Promise<unknown> = Promise.resolve()

  /** @param milliseconds after which an answer is no longer waited for: the program is ended */
  constructor(command: string, args: readonly string[], milliseconds = 180_000) {
    this.#child = spawn(command, args)
    this.#milliseconds = milliseconds
    this.#child.stderr.resume()
    // a process that cannot start or ends early shows as a missing answer
    this.#child.on('error', () => undefined)
    this.#child.stdin.on('error', () => undefined)
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  get processId(): number | undefined {
    return this.#child.pid
  }

  /** @throws Error what the program said instead of an answer */
  ask(request: object): Promise<unknown> {
    const answer = this.#last.then(() => this.#exchange(request))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #exchange(request: object): Promise<unknown> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#child.kill('SIGKILL')
    }, this.#milliseconds)
    try {
      this.#child.stdin.write(`${JSON.stringify(request)}\n`)
      const line = await this.#answers.next()
      if (late) throw new Error(`no answer within ${Math.round(this.#milliseconds / 1000)} s`)
      if (line.done) throw new Error('the program ended without an answer')
      const reply = replySchema.parse(JSON.parse(line.value))
      if ('error' in reply) throw new Error(reply.error)
      return reply.answer
    } finally {
      clearTimeout(timer)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = new Promise(resolve => this.#child.once('close', resolve))
    this.#child.stdin.end()
    await closed
  }
}
