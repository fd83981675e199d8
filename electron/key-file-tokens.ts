import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { keyFileInfo, openKeyFile } from '../native-signing/token/index.ts'
import type { TokenInfo, TokenSession } from '../native-signing/types.ts'
import { certificatesInFile } from './trust-files.ts'

const EXTENSION = '.p12'

/** How the key file is called before people. */
const labelOf = (file: string): string => basename(file, EXTENSION)

/** Certificates in a key file lie behind its password; to be seen before, they stand in a file beside it. */
export const certificatesBeside = (file: string): string => `${file.slice(0, -EXTENSION.length)}.crt`

/** A key file as if it were a token that is plugged in, without its password. @throws errors of the file, SigningError certificate-unreadable */
export async function keyFileToken(file: string): Promise<TokenInfo> {
  return keyFileInfo(file, labelOf(file), certificatesInFile(await readFile(certificatesBeside(file))))
}

/** `password` is wiped. @throws errors of the file, SigningError as `openKeyFile` */
export async function openKeyFileToken(file: string, password: Uint8Array): Promise<TokenSession> {
  try {
    return openKeyFile(await readFile(file), password, labelOf(file))
  } finally {
    password.fill(0)
  }
}
