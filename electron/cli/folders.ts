import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError } from './errors.ts'

/** @throws CliError output-not-ours when the folder holds anything */
export async function assertEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length > 0) throw new CliError('output-not-ours', { directory: folder })
}

/** Where this person's `ctdesk` keeps what it must remember, outside any office (XDG Base Directory Specification; Windows: local data). */
export function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env
  const own = process.platform === 'win32' ? LOCALAPPDATA : XDG_STATE_HOME
  return join(own || join(homedir(), '.local', 'state'), 'ctdesk')
}
