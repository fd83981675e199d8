import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { SigningError } from '../native-signing/errors.ts'
import { keyFileInfo, type ModuleFailure, openKeyFile } from '../native-signing/token/index.ts'
import type { TokenInfo, TokenSession } from '../native-signing/types.ts'
import { certificatesInFile } from './trust-files.ts'

const EXTENSION = '.p12'

/** How the key file is called before people. */
const labelOf = (file: string): string => basename(file, EXTENSION)

/** Certificates in a key file lie behind its password; to be seen before, they stand in a file beside it. */
export const certificatesBeside = (file: string): string => `${file.slice(0, -EXTENSION.length)}.crt`

/** A key file as if it were a token that is plugged in, without its password; where that cannot be seen, why. */
export async function keyFileToken(file: string): Promise<TokenInfo | ModuleFailure> {
  const beside = certificatesBeside(file)
  try {
    return keyFileInfo(file, labelOf(file), certificatesInFile(await readFile(beside)))
  } catch (cause) {
    const error = new SigningError('key-file-certificate-unreadable', { file: basename(beside) }, { cause })
    return { module: file, error }
  }
}

/** `password` is wiped. @throws SigningError as `openKeyFile` */
export async function openKeyFileToken(file: string, password: Uint8Array): Promise<TokenSession> {
  try {
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new SigningError('key-file-unreadable', {}, { cause })
    })
    return await openKeyFile(bytes, password, labelOf(file))
  } finally {
    password.fill(0)
  }
}
