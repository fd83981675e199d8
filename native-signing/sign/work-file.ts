import { chmodSync, constants, statSync, unlinkSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { SigningError } from '../errors.ts'
import { type FileSource, isSameFile } from '../pdf/source.ts'
import { discard, systemCode } from './files.ts'
import { OpenFile } from './open-file.ts'

export interface WorkFile {
  readonly file: OpenFile
  /** The input stands in it already; else whoever reads the input writes it here. */
  readonly isCopy: boolean
}

/** A smaller file is copied sooner than it is asked whether it must be. */
const WORTH_SHARING_BYTES = 4 * 1024 * 1024
/** How systems say that a file system cannot share blocks, or not between these two files. */
const NOT_SHARED: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOTTY', 'ENOSYS', 'EXDEV', 'EINVAL'])

/**
 * Makes the file under work in place of what stood there: it may be read by those who may read the input and, unlike that, always be written.
 * Where two files can share their blocks it is a copy that cost nothing.
 * @param source `input`, open
 * @throws SigningError file-exists where `path` is another name of the input
 */
export async function openWorkFile(source: FileSource, input: string, path: string): Promise<WorkFile> {
  const standing = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (standing && isSameFile(standing, source.state)) throw new SigningError('file-exists')
  // never opened for writing: it may be a link, or open to others
  if (standing) unlinkSync(path)
  const isCopy = source.length >= WORTH_SHARING_BYTES && (await shareBlocks(input, path))
  const permissions = (Number(source.state.mode) & 0o777) | 0o600
  if (!isCopy) return { file: new OpenFile(path, 'wx', permissions), isCopy }
  try {
    chmodSync(path, permissions)
    return { file: new OpenFile(path, 'r+'), isCopy }
  } catch (error) {
    await discard(path)
    throw error
  }
}

async function shareBlocks(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (NOT_SHARED.has(systemCode(error))) return false
    throw error
  }
}
