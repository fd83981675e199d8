import { readFile } from 'node:fs/promises'
import { CliError } from './errors.ts'
import { printable } from './output.ts'

export interface PinOptions {
  readonly pinEnv?: string | undefined
  readonly pinFile?: string | undefined
}

/** A PIN or password in UTF-8, wiped when its scope ends. Null: none was given. */
export interface Secret extends Disposable {
  readonly bytes: Uint8Array | null
}

export const secret = (bytes: Uint8Array | null): Secret => ({ bytes, [Symbol.dispose]: () => void bytes?.fill(0) })

/**
 * The PIN from the place that the caller named; never from an argument, which every process on the PC could read.
 * @throws CliError pin-source-missing
 */
export async function givenPin({ pinEnv, pinFile }: PinOptions): Promise<Secret> {
  const missing = (source: string, cause?: ErrorOptions) => new CliError('pin-source-missing', { source }, cause)
  return secret(await readSecret({ variable: pinEnv, file: pinFile }, missing))
}

/**
 * A secret from an environment variable or the first line of a file; null where neither is named. To be wiped by whoever uses it. The variable
 * is taken out of the environment, which every process that is started from here would inherit; what the kernel shows of this process's own
 * start (/proc/PID/environ) keeps it, for the same account.
 * @throws what `missing` makes
 */
export async function readSecret(
  { variable, file }: { readonly variable: string | undefined; readonly file: string | undefined },
  missing: (source: string, options?: ErrorOptions) => CliError,
): Promise<Uint8Array | null> {
  if (variable !== undefined) {
    const value = process.env[variable]
    delete process.env[variable]
    if (value === undefined || value === '') throw missing(variable)
    return Buffer.from(value, 'utf8')
  }
  if (file === undefined) return null
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw missing(file, { cause })
  })
  const end = bytes.findIndex(byte => byte === 0x0a || byte === 0x0d)
  if (end >= 0) bytes.fill(0, end)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

/**
 * Reads one line from the terminal without showing it. A terminal that goes away leaves half a PIN, which must not be tried: it counts as no
 * answer. @throws CliError pin-prompt-impossible, cancelled
 */
export async function promptHidden(prompt: string, signal: AbortSignal): Promise<Uint8Array> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) throw new CliError('pin-prompt-impossible')
  if (signal.aborted) throw new CliError('cancelled')
  // Silent before it asks: whoever answers at once would see the PIN on the screen, or stop the program by a signal instead of a key.
  stdin.setRawMode(true)
  stderr.write(printable(prompt))
  const typed: number[] = []
  let take: (chunk: Buffer) => void = () => undefined
  let stop: () => void = () => undefined
  try {
    // Not by iterating: that leaves the terminal closed or stopped, and another question may follow.
    return await new Promise<Uint8Array>((resolve, reject) => {
      stop = () => reject(new CliError('cancelled'))
      take = chunk => {
        for (const [at, key] of chunk.entries()) {
          chunk[at] = 0
          if (key === 0x03) return stop()
          if (key === 0x0d || key === 0x0a) return resolve(Uint8Array.from(typed))
          if (key === 0x7f || key === 0x08) typed.pop()
          else typed.push(key)
        }
      }
      stdin.on('data', take).resume()
      stdin.once('end', stop)
      signal.addEventListener('abort', stop)
    })
  } finally {
    stdin.off('data', take).off('end', stop)
    signal.removeEventListener('abort', stop)
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
    typed.fill(0)
  }
}
