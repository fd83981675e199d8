import { renameSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SigningError } from '../errors.ts'
import { OpenFile } from './open-file.ts'

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

/** Makes what was written to a file last through a power cut. */
export async function flush(path: string): Promise<void> {
  using file = new OpenFile(path, 'r+')
  await file.flush()
}

/**
 * Puts a finished file in its place in one step and makes the new name last through a power cut.
 * @throws SigningError file-exists: something has come to stand there during the work
 */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  if (exists(to)) throw new SigningError('file-exists')
  renameSync(from, to)
  try {
    using folder = new OpenFile(dirname(to), 'r')
    await folder.flush()
  } catch (error) {
    // Windows cannot open a folder for this; there the rename itself is journalled
    if (process.platform !== 'win32') throw error
  }
}

/** Whether something stands at a path. */
export const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

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
