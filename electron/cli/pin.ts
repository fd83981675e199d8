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
  if (options.pinEnv !== undefined) {
    const value = process.env[options.pinEnv]
    if (value === undefined || value === '') throw new CliError('pin-source-missing', { source: options.pinEnv })
    return Buffer.from(value, 'utf8')
  }
  if (options.pinFile !== undefined) {
    const file = options.pinFile
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new CliError('pin-source-missing', { source: file }, { cause })
    })
    return bytes.subarray(0, bytes.findLastIndex(b => b !== 0x0a && b !== 0x0d) + 1)
  }
  return promptHidden(prompt)
}

/** Reads one line from the terminal without showing it. */
async function promptHidden(prompt: string): Promise<Uint8Array> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) throw new CliError('pin-prompt-impossible')
  stderr.write(prompt)
  stdin.setRawMode(true)
  stdin.resume()
  const typed: number[] = []
  try {
    for await (const chunk of stdin) {
      if (!(chunk instanceof Uint8Array)) continue
      for (const byte of chunk) {
        if (byte === 0x03) throw new CliError('cancelled')
        if (byte === 0x0d || byte === 0x0a) return Uint8Array.from(typed)
        if (byte === 0x7f || byte === 0x08) typed.pop()
        else typed.push(byte)
      }
    }
    return Uint8Array.from(typed)
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
    typed.fill(0)
  }
}
