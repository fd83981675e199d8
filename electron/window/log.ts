import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'

export interface Log {
  /** Something the program did: no names, no numbers of persons, never a PIN. */
  note(what: string): void
  /** Something failed. Of an error its kind, code and place in our code are written, not its message, which may quote a file's name. */
  fault(what: string, error: unknown): void
}

/** The program's diary, `logs/desk.log` in its own folder. */
export function openLog(folder: string, clock: () => Date): Log {
  mkdirSync(folder, { recursive: true })
  const file = pino.destination({ dest: join(folder, 'desk.log'), sync: true })
  // A full disk stops the diary, never the program.
  file.on('error', () => undefined)
  const diary = pino({ base: null, timestamp: () => `,"time":"${clock().toISOString()}"` }, file)
  return {
    note: what => diary.info(what),
    fault: (what, error) => diary.error(errorFacts(error), what),
  }
}

interface ErrorFacts {
  readonly name: string
  readonly code?: string
  readonly at?: readonly string[]
  readonly cause?: ErrorFacts
}

/** What may be written of an error. */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: typeof error === 'string' ? error : typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const at = (error.stack ?? '')
    .split('\n')
    .flatMap(line => /^\s+at (?:.*[/\\])?([\w.-]+:\d+):\d+\)?$/.exec(line)?.[1] ?? [])
    .slice(0, 8)
  return { name: error.name, ...code, at, ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }) }
}
