import { isAbsolute, resolve } from 'node:path'

/** How the program was asked to start. */
export interface StartOptions {
  /** Folder of the office's data; null: the usual one, or the one open last. */
  readonly officeFolder: string | null
  /** Folder of the program's own data; null: the system's usual place. */
  readonly dataFolder: string | null
  /** Opens the practice office at once. */
  readonly practice: boolean
}

/** Reads `--office=…`, `--data=…` and `--practice` from the command line; what else stands there belongs to Chromium. */
export function startOptions(commandLine: readonly string[]): StartOptions {
  const folder = (name: string): string | null => {
    const found = commandLine.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3)
    if (!found) return null
    return isAbsolute(found) ? found : resolve(found)
  }
  return {
    officeFolder: folder('office'),
    dataFolder: folder('data'),
    practice: commandLine.includes('--practice'),
  }
}
