import { mkdir } from 'node:fs/promises'
import { discard } from '../../../native-signing/sign/files.ts'
import { clearLeftovers } from '../../leftovers.ts'

/**
 * Makes the folder, and clears it of what abandoned signatures and crashes left. One that was prepared and not completed within a day is out of
 * date: its statement names another day.
 */
export async function makeWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await clearLeftovers(folder, () => true)
}

/** What it cannot remove now, the next day's clearing takes. */
export { discard }
