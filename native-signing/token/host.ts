import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { SigningError } from '../errors.ts'
import { answerSchemas, type Question, type Request, replySchema } from './messages.ts'

/** A started process that speaks as `serveModule` does. */
export interface ModuleProcess {
  send(message: Request): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the process has ended or could not be started. */
  onEnd(listener: () => void): void
  kill(): void
  /** Whether the process, while it lives, keeps the program from ending; where it can be said. */
  keepProgram?(keep: boolean): void
}

/** How the module's process is started; Electron hands in its utility process. */
export type LaunchModuleProcess = (environment: Readonly<Record<string, string>>) => ModuleProcess

/** Longest waits in milliseconds; a module that takes longer counts as hung and its process is ended. */
export interface Deadlines {
  /** Loading and initialising: some modules look for readers meanwhile. */
  readonly start: number
  readonly list: number
  readonly login: number
  /** Changing the PIN after the login. */
  readonly changePin: number
  /** Login and change when the PIN is typed on the reader. */
  readonly pinPad: number
  readonly keys: number
  readonly sign: number
  readonly close: number
}

export const usualDeadlines: Deadlines = {
  start: 20_000,
  list: 10_000,
  login: 10_000,
  changePin: 20_000,
  pinPad: 60_000,
  keys: 10_000,
  sign: 10_000,
  close: 3_000,
}

/** One module in its own process. Questions are answered one after another. */
export interface ModuleHost {
  ask<Answer>(question: Question, answer: z.ZodType<Answer>, milliseconds: number): Promise<Answer>
  /** False once the process has crashed, was given up, or was closed. */
  alive(): boolean
  /** Ends the process; never fails and never hangs, whatever the module does. */
  close(): Promise<void>
}

/** How a module is started; all but the module may be left out. */
export interface ModuleStart {
  readonly module: string
  /** Handed to C_Initialize in pReserved. */
  readonly parameters?: string | undefined
  readonly launch?: LaunchModuleProcess | undefined
  /** Added to the environment of the module's process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly deadlines?: Partial<Deadlines> | undefined
}

/**
 * Starts the process and loads the module in it. Between questions it does not keep the program from ending.
 * @throws SigningError module-unusable, module-not-responding, token-failed (the module crashed)
 */
export async function startModuleHost(options: ModuleStart): Promise<ModuleHost> {
  const { module, parameters, launch = forkModuleProcess, environment = {} } = options
  const deadlines = { ...usualDeadlines, ...options.deadlines }
  const child = launch(environment)
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: SigningError): void }>()
  let nextId = 1
  let ended: SigningError | null = null
  let last: Promise<unknown> = Promise.resolve()

  const end = (error: SigningError) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
    child.kill()
  }
  child.onEnd(() => end(new SigningError('token-failed', { module, reason: 'module-crashed' })))
  child.onMessage(message => {
    const parsed = replySchema.safeParse(message)
    if (!parsed.success) return end(new SigningError('token-failed', { module, reason: 'answer-not-understood' }))
    const reply = parsed.data
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) asked?.reject(new SigningError(reply.error.code, reply.error.parameters))
    else asked?.resolve(reply.answer)
  })

  async function askNow(question: Question, milliseconds: number): Promise<unknown> {
    if (ended) throw ended
    const id = nextId++
    let timer: NodeJS.Timeout | undefined
    try {
      child.keepProgram?.(true)
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        const giveUp = () => {
          if (!waiting.has(id)) return
          const seconds = Math.round(milliseconds / 1000)
          end(new SigningError('module-not-responding', { module, call: question.call, seconds }))
        }
        // When it was this program that was busy, the answer is waiting in the line: it is read before we give up.
        timer = setTimeout(() => setImmediate(giveUp), milliseconds)
        child.send({ id, question })
      })
    } finally {
      clearTimeout(timer)
      child.keepProgram?.(false)
    }
  }

  const host: ModuleHost = {
    async ask(question, answer, milliseconds) {
      const turn = last.then(() => askNow(question, milliseconds))
      last = turn.catch(() => undefined)
      const parsed = answer.safeParse(await turn)
      if (!parsed.success) throw new SigningError('token-failed', { module, reason: 'answer-not-understood' })
      return parsed.data
    },
    alive: () => ended === null,
    async close() {
      try {
        if (!ended) await host.ask({ call: 'close' }, answerSchemas.close, deadlines.close)
      } catch {
        // Nothing hangs on a farewell: modules are known to hang or fail in C_Finalize. The process ends either way.
      }
      end(new SigningError('token-failed', { module, reason: 'closed' }))
    },
  }
  try {
    await host.ask({ call: 'start', module, parameters }, answerSchemas.start, deadlines.start)
  } catch (error) {
    await host.close()
    throw error
  }
  return host
}

/** Node's fork of `worker.ts`. Its output goes nowhere: vendors' modules print what they like, PINs not excluded. */
export const forkModuleProcess: LaunchModuleProcess = environment => {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    env: { ...process.env, ...environment },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let onEnd: () => void = () => undefined
  child.once('exit', () => onEnd())
  child.once('error', () => onEnd())
  return {
    send: message => {
      if (child.connected) child.send(message, error => error && onEnd())
    },
    onMessage: listener => void child.on('message', listener),
    onEnd: listener => {
      onEnd = listener
    },
    kill: () => void child.kill('SIGKILL'),
    keepProgram: keep => {
      if (keep) child.ref()
      else child.unref()
      if (keep) child.channel?.ref()
      else child.channel?.unref()
    },
  }
}
