import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { z } from 'zod'
import { OwnFileError } from './errors.ts'

/** How systems say that a name is there and cannot be read as a file, and that this account may not. */
const UNREADABLE: readonly unknown[] = ['EACCES', 'EPERM']
const NO_FILE: readonly unknown[] = ['EISDIR', 'ENOTDIR', 'ELOOP']

/** Reads a file that the program needs. @throws OwnFileError, named; errors of the disk as they are */
export async function readOwnFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const file = basename(path)
    if (code === 'ENOENT') throw new OwnFileError('own-file-missing', { file }, { cause })
    if (UNREADABLE.includes(code)) throw new OwnFileError('own-file-unreadable', { file }, { cause })
    if (NO_FILE.includes(code)) throw new OwnFileError('own-file-damaged', { file }, { cause })
    throw cause
  }
}

/** The same for JSON. @throws OwnFileError own-file-damaged also where it is not what the schema says */
export async function readOwnJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readOwnFile(path)
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (cause) {
    throw new OwnFileError('own-file-damaged', { file: basename(path) }, { cause })
  }
}
