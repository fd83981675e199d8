import { chmod, constants, copyFile, type FileHandle, open, stat } from 'node:fs/promises'
import { systemCode } from './files.ts'

export interface WorkFile {
  readonly file: FileHandle
  /** The input stands in it already; else whoever reads the input writes it here. */
  readonly isCopy: boolean
}

/** A smaller file is copied sooner than it is asked whether it must be. */
const WORTH_SHARING_BYTES = 4 * 1024 * 1024
/** How systems say that a file system cannot share blocks, or not between these two files. */
const NOT_SHARED: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOTTY', 'ENOSYS', 'EXDEV', 'EINVAL'])

/**
 * Opens the file under work, whatever stood there before: it may be read by those who may read the input and, unlike that, always be written.
 * Where two files can share their blocks it is a copy that cost nothing.
 */
export async function openWorkFile(input: string, path: string): Promise<WorkFile> {
  const { size, mode } = await stat(input)
  const isCopy = size >= WORTH_SHARING_BYTES && (await shareBlocks(input, path))
  const permissions = (mode & 0o777) | 0o600
  if (isCopy) await chmod(path, permissions)
  return { file: await open(path, isCopy ? 'r+' : 'w', permissions), isCopy }
}

async function shareBlocks(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch (error) {
    if (NOT_SHARED.has(systemCode(error))) return false
    throw error
  }
}
