import type { ScanningErrorCode } from './errors.ts'

/** What one line of scanimage's standard error means. */
export type ScanimageLine =
  | { readonly kind: 'page-started' }
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'out-of-paper' }
  /** scanimage's last word of a batch, whatever came before it. */
  | { readonly kind: 'batch-ended' }
  | { readonly kind: 'failure'; readonly code: ScanningErrorCode }
  | { readonly kind: 'remark' }

/** SANE_Status by the texts of sane_strstatus (SANE standard 1.06 §4.2.7; two more of sane-backends ≥ 1.0.20) in the locale C. */
const STATUS_TEXTS: readonly (readonly [RegExp, ScanningErrorCode])[] = [
  [/document feeder jammed/i, 'scanner-paper-jam'],
  [/document feeder out of documents/i, 'scanner-no-paper'],
  [/scanner cover is open/i, 'scanner-cover-open'],
  [/device busy/i, 'scanner-busy'],
  [/error during device i\/o/i, 'scanner-io-error'],
  [/out of memory/i, 'scanner-out-of-memory'],
  [/access to resource has been denied/i, 'scanner-access-denied'],
  [/operation was cancell?ed/i, 'scanner-stopped'],
  [/lamp not ready/i, 'scanner-warming-up'],
  [/mechanism locked/i, 'scanner-locked'],
  [/operation not supported|invalid argument/i, 'scanner-refused-settings'],
]

/** SANE_Status by number, which scanimage also uses as its exit code. */
const STATUS_NUMBERS: Readonly<Record<number, ScanningErrorCode>> = {
  1: 'scanner-refused-settings',
  2: 'scanner-stopped',
  3: 'scanner-busy',
  4: 'scanner-refused-settings',
  6: 'scanner-paper-jam',
  7: 'scanner-no-paper',
  8: 'scanner-cover-open',
  9: 'scanner-io-error',
  10: 'scanner-out-of-memory',
  11: 'scanner-access-denied',
}

const PROGRESS = /^Progress: (\d{1,3}(?:\.\d+)?)%/
const PAGE_STARTED = /^Scanning page \d+/
const BATCH_ENDED = /^Batch terminated/
const OPEN_FAILED = /open of device .* failed: (.*)$/
const FAILURE = /sane_(?:start|read|get_parameters|set_io_mode|init|open)\b.*: (.*)$/
const OPTION_REFUSED =
  /unrecognized option|setting of option .* failed|attempted to set (?:inactive|readonly) option|bad option/i

function codeOfText(text: string): ScanningErrorCode {
  return STATUS_TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'scanner-failed'
}

/** Reads one line of scanimage's standard error. */
export function parseLine(line: string): ScanimageLine {
  const progress = PROGRESS.exec(line)
  if (progress) return { kind: 'progress', fraction: Math.min(1, Number(progress[1]) / 100) }
  if (BATCH_ENDED.test(line)) return { kind: 'batch-ended' }
  if (PAGE_STARTED.test(line)) return { kind: 'page-started' }
  const opening = OPEN_FAILED.exec(line)
  if (opening) {
    const code = codeOfText(opening[1] ?? '')
    // A name that no backend knows is an "invalid argument" to sane_open.
    return { kind: 'failure', code: code === 'scanner-refused-settings' ? 'scanner-not-found' : code }
  }
  if (/no SANE devices found/i.test(line)) return { kind: 'failure', code: 'no-scanner' }
  const failure = FAILURE.exec(line)
  if (failure) {
    const code = codeOfText(failure[1] ?? '')
    return code === 'scanner-no-paper' ? { kind: 'out-of-paper' } : { kind: 'failure', code }
  }
  if (OPTION_REFUSED.test(line)) return { kind: 'failure', code: 'scanner-refused-settings' }
  return { kind: 'remark' }
}

/** What an exit code means where scanimage said nothing that is understood. */
export function codeOfExit(exitCode: number | null): ScanningErrorCode {
  return (exitCode === null ? undefined : STATUS_NUMBERS[exitCode]) ?? 'scanner-failed'
}
