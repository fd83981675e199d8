import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** Remembers how many logins in a row failed on a token, for tokens that do not say so themselves. Holds serial numbers, never PINs. */
export interface PinAttempts {
  failures(token: string): number
  /** One more. */
  failed(token: string): void
  /** None: the token has accepted its PIN. */
  accepted(token: string): void
}

/** Remembers as long as the program runs. */
export function memoryPinAttempts(): PinAttempts {
  const counts = new Map<string, number>()
  const failures = (token: string): number => counts.get(token) ?? 0
  return {
    failures,
    failed: token => void counts.set(token, failures(token) + 1),
    accepted: token => void counts.delete(token),
  }
}

const MORE = '+1'
const lineSchema = z.record(z.string(), z.union([z.int().nonnegative(), z.literal(MORE)]))

/** Where it is not known how often a PIN was wrong, the next try may be the last. */
const UNKNOWN = 2

/**
 * Remembers in a file, so that a restart does not forget a wrong PIN. Each line tells of a failure or of a count set anew and is only ever
 * added, so that programs which write at the same time lose none. After a line that cannot be read, every token counts as close to its last
 * try until it accepts its PIN.
 * @throws errors of the file system
 */
export function filePinAttempts(file: string): PinAttempts {
  const failures = (token: string): number => countIn(linesOf(file), token)
  return {
    failures,
    failed: token => addLine(file, { [token]: MORE }),
    accepted: token => {
      if (failures(token) > 0) addLine(file, { [token]: 0 })
    },
  }
}

/** Null: no such file yet. */
function linesOf(file: string): readonly string[] | null {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function countIn(lines: readonly string[] | null, token: string): number {
  if (lines === null) return 0
  let count = lines[0] === '' ? UNKNOWN : 0
  for (const line of lines.filter(each => each !== '')) {
    const change = lineSchema.safeParse(parseJson(line))
    const value = change.success && Object.hasOwn(change.data, token) ? change.data[token] : undefined
    if (!change.success) count = Math.max(count, UNKNOWN)
    else if (value === MORE) count += 1
    else if (value !== undefined) count = value
  }
  return count
}

/** Another program was first, or this disk knows no second names: then the first failure counts with caution. */
const NO_LINK: ReadonlySet<string> = new Set(['EEXIST', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** A file always begins with a line: an empty one was cut. So it comes with it, under its name at once. */
function begin(file: string): void {
  const beside = `${file}.${process.pid}.new`
  writeFileSync(beside, '{}', { mode: 0o600, flush: true })
  try {
    linkSync(beside, file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!NO_LINK.has(code)) throw error
  } finally {
    rmSync(beside, { force: true })
  }
}

/** In one write at the file's end, on the disk before it returns. It begins a line of its own, whatever was cut before it. */
function addLine(file: string, change: z.infer<typeof lineSchema>): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(file)) begin(file)
  const descriptor = openSync(file, 'a', 0o600)
  try {
    writeSync(descriptor, `\n${JSON.stringify(change)}`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  syncFolder(folder)
}

/** The file's name lasts too; Windows cannot open folders and needs no such step. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
