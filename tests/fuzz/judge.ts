import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Certificate, Indication } from '../../native-signing/types.ts'

export interface Question {
  readonly file: string
  /** DER, base64. */
  readonly anchors: readonly string[]
}

export interface Cost {
  /** Of the processor, so that a busy machine is no fault of ours. */
  readonly milliseconds: number
  /** Of the process so far. */
  readonly peakBytes: number
}

export type Answer =
  | ({
      readonly kind: 'report'
      readonly valid: boolean
      /** As a certified copy; null where it is none. */
      readonly good: boolean | null
      readonly signatures: readonly {
        readonly field: string
        readonly indication: Indication
        readonly revisionEnd: number
      }[]
    } & Cost)
  | ({ readonly kind: 'refused'; readonly code: string } & Cost)
  | ({ readonly kind: 'fault'; readonly what: string } & Cost)

/** What became of one file; everything but a report and a refusal is a finding. */
export type Outcome = Answer | { readonly kind: 'crash'; readonly what: string } | { readonly kind: 'hang' }

/** The promise: an answer or a clear error within 10 s and 1 GB. */
export const LIMITS = { milliseconds: 10_000, bytes: 1024 ** 3 } as const
/** When nobody waits any longer, by the clock. */
const PATIENCE = 5 * LIMITS.milliseconds

/** Judges files in a process of its own, which is started again when a file has killed it. */
export class Judge implements Disposable {
  readonly #anchors: readonly string[]
  #process: ChildProcess | null = null

  constructor(anchors: readonly Certificate[]) {
    this.#anchors = anchors.map(({ der }) => Buffer.from(der).toString('base64'))
  }

  async judge(file: string): Promise<Outcome> {
    this.#process ??= fork(join(import.meta.dirname, 'judge-process.ts'), {
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${LIMITS.bytes / 2 ** 20}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const child = this.#process
    const stop = new AbortController()
    const { signal } = stop
    const late = setTimeout(() => stop.abort('late'), PATIENCE)
    try {
      child.send({ file, anchors: this.#anchors } satisfies Question)
      const outcome = await Promise.race([
        once(child, 'message', { signal }).then(([answer]: readonly Answer[]) => answer ?? { kind: 'hang' as const }),
        once(child, 'exit', { signal }).then(([code, by]: unknown[]) => ({
          kind: 'crash' as const,
          what: `${code ?? by}`,
        })),
      ])
      // the next file has its own memory
      const large = 'peakBytes' in outcome && outcome.peakBytes > LIMITS.bytes / 4
      if (outcome.kind === 'crash' || outcome.kind === 'fault' || large) this.#end()
      return outcome
    } catch (error) {
      this.#end()
      if (signal.reason === 'late') return { kind: 'hang' }
      throw error
    } finally {
      clearTimeout(late)
      stop.abort()
    }
  }

  #end(): void {
    this.#process?.kill('SIGKILL')
    this.#process = null
  }

  [Symbol.dispose](): void {
    this.#end()
  }
}
