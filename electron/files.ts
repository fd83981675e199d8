import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A folder's entry is durable only once the folder itself is synced; Windows cannot open folders and needs no such step. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Makes `path` whole or not at all: `write` fills a temporary file, which is synced, renamed over `path`, and the folder synced. After a crash
 * `path` holds the old file, the new one, or nothing, never a part; a temporary file may stay, for `clearHalfWritten`. The folder is made when
 * missing.
 * @param beside where the temporary file lies, on the same disk
 * @throws what `write` throws, and errors of the file system as they are (ENOSPC, EACCES …); the temporary file is removed then.
 */
export async function replaceDurably<Result>(
  path: string,
  write: (file: FileHandle) => Promise<Result>,
  beside = dirname(path),
): Promise<Result> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = join(beside, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(temporary, 'wx')
  try {
    let result: Result
    try {
      result = await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(folder)
    return result
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Writes all of `bytes` to `path` as `replaceDurably` does. */
export async function writeFileDurably(path: string, bytes: Uint8Array | string, beside?: string): Promise<void> {
  await replaceDurably(path, file => file.writeFile(bytes), beside)
}

/** Writes the chunks of `source` to `path` as `replaceDurably` does, holding one chunk at a time. @returns the bytes written */
export async function writeStreamDurably(path: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  return replaceDurably(path, async file => {
    let bytes = 0
    for await (const chunk of source) {
      await file.writeFile(chunk)
      bytes += chunk.byteLength
    }
    return bytes
  })
}

/**
 * Copies a file as `replaceDurably` does.
 * @throws what `otherwise` makes where the content has another SHA-256, or no file lies there (a pipe would be read for ever); then nothing is there
 */
export async function copyVerified(
  source: string,
  target: string,
  sha256: string,
  otherwise: () => Error,
  beside?: string,
): Promise<void> {
  if (!(await stat(source)).isFile()) throw otherwise()
  const copy = async (file: FileHandle) => {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(source)) {
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    if (hash.digest('hex') !== sha256) throw otherwise()
  }
  await replaceDurably(target, copy, beside)
}
