import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { accountsThatRead, closeToOthers } from '../own-folder.ts'

/** Windows' own programs: not what a folder of PATH calls so. */
const system = (name: string): string => join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', name)

/** Whether other accounts of this PC read the folder; null where that cannot be told. */
export async function isOpenToOthers(folder: string): Promise<boolean | null> {
  try {
    if (process.platform !== 'win32') return (await closeToOthers(folder)).length > 0
    const run = promisify(execFile)
    const account = (await run(system('whoami.exe'))).stdout.trim()
    return accountsThatRead((await run(system('icacls.exe'), [folder])).stdout, folder, account).length > 0
  } catch {
    return null
  }
}
