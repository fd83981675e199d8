import { explain, type Language } from '../messages.ts'
import { CliError } from './errors.ts'

/** Exit statuses that scripts rely on: done or valid; not valid or refused; could not be judged or bad input; wrong usage. */
export const EXIT = { done: 0, refused: 1, bad: 2, usage: 64 } as const
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

/** What a command has to say: one JSON object for programs, lines for people. */
export interface CommandResult {
  readonly status: ExitStatus
  readonly data: Readonly<Record<string, unknown>>
  readonly lines: readonly string[]
}

export interface CommandContext {
  readonly language: Language
  /** Progress for people, on stderr. */
  readonly say: (line: string) => void
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** The program was used rightly and said no: the law, a role, a token or an earlier signature forbids it. Every other error is bad input or a fault. */
const refusals: ReadonlySet<string> = new Set([
  'pin-incorrect',
  'pin-last-try',
  'pin-locked',
  'pin-not-set',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-not-for-signing',
  'certificate-revoked',
  'certificate-untrusted',
  'algorithm-too-weak',
  'pdf-changes-forbidden',
  'pdf-changes-not-permitted',
  'field-locked',
  'certification-not-first',
  'field-already-signed',
  'self-check-failed',
  'timestamp-refused',
])

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.name === 'OfficeError' || (typeof error.code === 'string' && refusals.has(error.code))
}

/** The result of a command that threw: `error.code` and `error.message` in the user's language. */
export function failure(error: unknown, language: Language): CommandResult {
  const { code, what, todo } = explain(error, language)
  const lines = todo === '' ? [what] : [what, todo]
  return {
    status: isRefusal(error) ? EXIT.refused : EXIT.bad,
    data: { error: { code, message: lines.join(' ') } },
    lines: [`✗ ${what}`, ...(todo === '' ? [] : [`  ${todo}`])],
  }
}

/** What work on many things comes to: its worst failure; where none failed and some were not tried, that it was stopped. Null: all is done. */
export function worstOf(
  failures: readonly CommandResult[],
  notTried: number,
  language: Language,
): CommandResult | null {
  const [worst] = failures.toSorted((one, other) => other.status - one.status)
  return worst ?? (notTried > 0 ? failure(new CliError('cancelled'), language) : null)
}

/**
 * A line as it may go to a terminal: what would command it, turn its direction, or not be seen is written as its code. Names in a stranger's
 * file may hold anything.
 */
export function printable(line: string): string {
  return line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, character =>
    [...Array(character.length).keys()]
      .map(at => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** A table for a terminal: columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length)
    })
  return rows.map(row => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '))
}
