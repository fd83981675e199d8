import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { SigningError } from '../../native-signing/errors.ts'
import { CliError } from './errors.ts'
import type { CommandContext } from './output.ts'
import { promptHidden, readSecret } from './pin.ts'

export interface PasswordOptions {
  readonly passwordEnv?: string
  readonly passwordFile?: string
}

/** The options that say where the password of an encrypted PDF comes from. */
export function withPasswordOptions(command: Command): Command {
  return command
    .option('--password-env <name>', 'environment variable that holds the password of an encrypted PDF')
    .option('--password-file <path>', 'file whose first line is that password; - for standard input')
}

/**
 * Does the work with the password from where the caller says; without one, only where the file asks for it, from a prompt. Never from an
 * argument, which every process on the PC could read.
 * @throws CliError password-source-missing, and what `work` throws
 */
export async function withDocumentPassword<T>(
  options: PasswordOptions,
  { language, signal }: CommandContext,
  work: (password: string | undefined) => Promise<T>,
): Promise<T> {
  const given = await readPassword(options)
  try {
    return await work(given)
  } catch (error) {
    const missing = error instanceof SigningError && error.code === 'pdf-password-required'
    if (!missing || given !== undefined || !process.stdin.isTTY) throw error
    const prompt = { vi: 'Mật khẩu của tệp PDF: ', en: 'Password of the PDF: ' }[language]
    return work(textOf(await promptHidden(prompt, signal)))
  }
}

/** The password from where the caller says; undefined where nothing is said. @throws CliError password-source-missing */
export async function readPassword({ passwordEnv, passwordFile }: PasswordOptions): Promise<string | undefined> {
  if (passwordFile === '-') return (await text(process.stdin)).split(/\r?\n/, 1)[0]
  const missing = (source: string, options?: ErrorOptions) =>
    new CliError('password-source-missing', { source }, options)
  const bytes = await readSecret({ variable: passwordEnv, file: passwordFile }, missing)
  return bytes === null ? undefined : textOf(bytes)
}

/** Whoever opens the PDF wants a string, which cannot be wiped; the bytes can. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  bytes.fill(0)
  return text
}
