import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { discard } from '../../../native-signing/sign/files.ts'

/** A signature that was prepared and not completed within a day is out of date: its statement names another day. */
const LONGEST_USE_MS = 24 * 60 * 60 * 1000

/**
 * Makes the folder, and clears it of what abandoned signatures and crashes left a day before the folder's last change: these are
 * citizens' papers. Ages are compared by the disk's own times, so no clock can make a file of today look old.
 */
export async function makeWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const lastChange = (await stat(folder)).mtimeMs
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const changed = await changedAt(path)
    if (changed !== null && lastChange - changed > LONGEST_USE_MS) await discard(path)
  }
}

/** Null: another process has just finished with the file. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** What it cannot remove now, the next day's clearing takes. */
export { discard }
