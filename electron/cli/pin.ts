import { readFile } from 'node:fs/promises'
import { CliError } from './errors.ts'

export interface PinOptions {
  readonly pinEnv?: string
  readonly pinFile?: string
}

/**
 * The PIN from the place that the caller named, else from a prompt without echo; never from an argument, which every process on the PC could read.
 * @returns UTF-8 bytes, to be wiped by whoever uses them
 * @throws CliError pin-source-missing, pin-prompt-impossible
 */
export async function readPin(options: PinOptions, prompt: string): Promise<Uint8Array> {
  const missing = (source: string, cause?: ErrorOptions) => new CliError('pin-source-missing', { source }, cause)
  return (await readSecret({ variable: options.pinEnv, file: options.pinFile }, missing)) ?? promptHidden(prompt)
}

/** A secret from an environment variable or the first line of a file; null where neither is named. @throws what `missing` makes */
export async function readSecret(
  { variable, file }: { readonly variable: string | undefined; readonly file: string | undefined },
  missing: (source: string, options?: ErrorOptions) => CliError,
): Promise<Uint8Array | null> {
  if (variable !== undefined) {
    const value = process.env[variable]
    if (value === undefined || value === '') throw missing(variable)
    return Buffer.from(value, 'utf8')
  }
  if (file === undefined) return null
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw missing(file, { cause })
  })
  const end = bytes.findIndex(byte => byte === 0x0a || byte === 0x0d)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

/** Reads one line from the terminal without showing it. @throws CliError pin-prompt-impossible, cancelled */
export async function promptHidden(prompt: string): Promise<Uint8Array> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) throw new CliError('pin-prompt-impossible')
  stderr.write(prompt)
  stdin.setRawMode(true)
  const typed: number[] = []
  let take: (chunk: Buffer) => void = () => undefined
  try {
    // Not by iterating: that leaves the terminal closed or stopped, and another question may follow.
    return await new Promise<Uint8Array>((resolve, reject) => {
      take = chunk => {
        for (const byte of chunk) {
          if (byte === 0x03) return reject(new CliError('cancelled'))
          if (byte === 0x0d || byte === 0x0a) return resolve(Uint8Array.from(typed))
          if (byte === 0x7f || byte === 0x08) typed.pop()
          else typed.push(byte)
        }
      }
      stdin.on('data', take).resume()
      stdin.once('end', () => resolve(Uint8Array.from(typed)))
    })
  } finally {
    stdin.off('data', take)
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
    typed.fill(0)
  }
}
