import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { changedAt, clearHalfWritten } from '../leftovers.ts'
import { BackupError } from './errors.ts'
import { BLOBS, generationNames, readGeneration } from './manifest.ts'

/** What was begun longer ago is no longer under way. */
const STALE_MS = 24 * 60 * 60 * 1000

/** Takes away what a crash left half made, half removed, or half written. */
export async function sweepHalfMade(place: string, now: Date): Promise<void> {
  for (const name of await readdir(place)) {
    if (!/^\.(making|removing)-/.test(name)) continue
    const changed = await changedAt(join(place, name))
    if (changed !== null && now.getTime() - changed > STALE_MS)
      await rm(join(place, name), { recursive: true, force: true })
  }
  await clearHalfWritten(join(place, BLOBS))
}

/**
 * Of this office's backups the newest `keep` stay. Those of other offices, and the stored files, which later backups share, are not touched; nor
 * is anything that cannot be read.
 */
export async function sweepOld(place: string, officeId: string, keep: number): Promise<void> {
  const own: string[] = []
  for (const name of await generationNames(place)) {
    try {
      if ((await readGeneration(place, name)).manifest.officeId === officeId) own.push(name)
    } catch (error) {
      if (!(error instanceof BackupError)) throw error
    }
  }
  for (const name of own.slice(keep)) {
    const removing = join(place, `.removing-${name}`)
    if (await renamed(join(place, name), removing)) await rm(removing, { recursive: true, force: true })
  }
}

/** False: another PC's backup, which ended at the same time, takes it away. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
