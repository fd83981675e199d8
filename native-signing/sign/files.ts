import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SigningError } from '../errors.ts'

/** The operating system's name of a fault, as ENOENT; empty for other errors. */
export function systemCode(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
}

/** Runs file work and gives the faults that a person can mend their own code. @throws SigningError disk-full, file-not-found, file-exists, or what `work` throws */
export async function withFileErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = systemCode(cause)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new SigningError('disk-full', {}, { cause })
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR')
      throw new SigningError('file-not-found', {}, { cause })
    if (code === 'EEXIST') throw new SigningError('file-exists', {}, { cause })
    throw cause
  }
}

/** Writes all of `bytes` at `position` of an existing file. */
export async function writeAt(path: string, bytes: Uint8Array, position: number): Promise<void> {
  await using file = await open(path, 'r+')
  await writeAll(file, bytes, position)
}

/** The system may write less than it is given. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Makes what was written last through a power cut. */
export async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

/** Puts a finished file in its place in one step and makes the new name last through a power cut. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  await rename(from, to)
  try {
    await using folder = await open(dirname(to), 'r')
    await folder.sync()
  } catch (error) {
    // Windows cannot open a folder for this; there the rename itself is journalled
    if (process.platform !== 'win32') throw error
  }
}

/** Whether something stands at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}

/**
 * Removes a file that has served. Where the system will not let it go now (a virus scanner has it open), the work is done all the same.
 */
export async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}

/** Waits for both, whatever becomes of one: a file is not taken away while it is being written to disk. */
export async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}
