import { join } from 'node:path'
import { isThere, unfinishedPlan } from '../backup/put-in-place.ts'
import { SETTINGS_FILE } from '../desk-settings.ts'
import { HEAD_FILE } from '../store/store.ts'

/** Whether a folder is an office's, also of one that has lost its settings: that must never look like a first start. */
export async function holdsOffice(folder: string): Promise<boolean> {
  for (const file of [SETTINGS_FILE, HEAD_FILE]) if (await isThere(join(folder, file))) return true
  return (await unfinishedPlan(folder)) !== null
}
