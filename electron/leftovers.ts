import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Nothing is half done for so long. */
const LONGEST_USE_MS = 24 * 60 * 60 * 1000

/** Temporary files of `replaceDurably`. */
const HALF_WRITTEN = /^\..+\.[0-9a-f]{12}\.tmp$/

/**
 * Clears a folder of the files of such names that crashes left a day before the folder's last change: these are citizens' papers. Ages are
 * compared by the disk's own times, so no clock can make a file of today look old. What cannot be removed now, the next day's clearing takes.
 * A folder that is not there holds none.
 */
export async function clearLeftovers(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const lastChange = await changedAt(folder)
  if (lastChange === null) return
  for (const name of (await readdir(folder)).filter(isLeftover)) {
    const path = join(folder, name)
    const changed = await changedAt(path)
    if (changed !== null && lastChange - changed > LONGEST_USE_MS)
      await rm(path, { force: true }).catch(() => undefined)
  }
}

/** The same for files that were being written when a program was killed. */
export const clearHalfWritten = (folder: string): Promise<void> =>
  clearLeftovers(folder, name => HALF_WRITTEN.test(name))

/** When it was last changed, milliseconds; null: it is not there, and another process may have just finished with it. */
export async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
