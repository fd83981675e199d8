import { spawn } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'

export interface ProgramOptions {
  readonly program: string
  readonly arguments: readonly string[]
  readonly folder?: string
  readonly environment: NodeJS.ProcessEnv
  /** The program is stopped when it prints nothing for so long. */
  readonly silenceMs: number
  /** Bytes of both streams together after which the program is stopped: one that talks without end is not listened to. */
  readonly mostBytes: number
  /** From the polite signal (SIGINT, on which scanimage releases the device) to SIGKILL. */
  readonly graceMs: number
  readonly signal?: AbortSignal | undefined
}

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface ProgramEnd {
  readonly exitCode: number | null
  /** It printed nothing for `silenceMs` and was stopped for it. */
  readonly fellSilent: boolean
  /** It printed more than `mostBytes` and was stopped for it. */
  readonly saidTooMuch: boolean
  /** It was asked to end, for whatever reason. */
  readonly stopped: boolean
}

/** A running program whose output is read line by line as it comes. */
export interface ProgramRun {
  /** Both streams' lines in the order of their coming; a carriage return ends a line too. Throws when the program cannot be started. */
  readonly lines: AsyncIterable<OutputLine>
  /** Resolves when the program is gone and its output read. */
  readonly ended: Promise<ProgramEnd>
  /** Asks the program to end, and kills it when it does not. */
  stop(): void
  /** The program has said its last word: it is stopped when it has not gone by itself after `graceMs`. */
  lastWordSaid(): void
}

/** A program that prints on and on without an end of line is not listened to for ever. */
const LONGEST_LINE = 65_536
/** How long output may stay open after the program's end (a child of its own may hold it). */
const LAST_OUTPUT_MS = 1_000

/** @param heard says of each piece how long it is; false: nothing more is listened to */
function forwardLines(
  source: Readable,
  stream: OutputLine['stream'],
  lines: PassThrough,
  heard: (bytes: number) => boolean,
): void {
  let rest = ''
  const forward = (text: string): void => {
    if (text === '' || !lines.writable) return
    // Who prints faster than the pages can be kept waits.
    if (lines.write({ stream, text } satisfies OutputLine) || source.isPaused()) return
    source.pause()
    lines.once('drain', () => source.resume())
  }
  source.setEncoding('utf8')
  source.on('data', (chunk: string) => {
    if (!heard(chunk.length)) return
    const parts = (rest + chunk).split(/[\r\n]/)
    rest = (parts.pop() ?? '').slice(-LONGEST_LINE)
    for (const part of parts) forward(part)
  })
  source.on('end', () => forward(rest))
}

/** Starts a program without a shell. It is stopped by the signal, by silence and by `stop`. */
export function runProgram(options: ProgramOptions): ProgramRun {
  const child = spawn(options.program, options.arguments, {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = new PassThrough({ objectMode: true })
  let fellSilent = false
  let heardBytes = 0
  let saidTooMuch = false
  let killTimer: NodeJS.Timeout | undefined

  const stop = (): void => {
    if (killTimer || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGINT')
    killTimer = setTimeout(() => child.kill('SIGKILL'), options.graceMs)
  }
  const silenceTimer = setTimeout(() => {
    // A program that is made to wait is not silent.
    if (child.stdout.isPaused() || child.stderr.isPaused()) {
      silenceTimer.refresh()
      return
    }
    fellSilent = true
    stop()
  }, options.silenceMs)
  let lastWordTimer: NodeJS.Timeout | undefined
  const lastWordSaid = (): void => {
    lastWordTimer ??= setTimeout(stop, options.graceMs)
  }
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted) stop()

  const heard = (bytes: number): boolean => {
    if (saidTooMuch) return false
    heardBytes += bytes
    if (heardBytes > options.mostBytes) {
      saidTooMuch = true
      stop()
      return false
    }
    if (!fellSilent) silenceTimer.refresh()
    return true
  }
  forwardLines(child.stdout, 'stdout', lines, heard)
  forwardLines(child.stderr, 'stderr', lines, heard)
  child.once('exit', () => {
    clearTimeout(silenceTimer)
    clearTimeout(lastWordTimer)
    clearTimeout(killTimer)
    setTimeout(() => {
      child.stdout.destroy()
      child.stderr.destroy()
    }, LAST_OUTPUT_MS).unref()
  })
  const ended = new Promise<ProgramEnd>(resolve => {
    child.once('error', error => lines.destroy(error))
    child.once('close', exitCode => {
      clearTimeout(silenceTimer)
      clearTimeout(killTimer)
      options.signal?.removeEventListener('abort', stop)
      lines.end()
      resolve({ exitCode, fellSilent, saidTooMuch, stopped: killTimer !== undefined })
    })
  })
  return { lines, ended, stop, lastWordSaid }
}
