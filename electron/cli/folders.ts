import { readdir } from 'node:fs/promises'
import { CliError } from './errors.ts'

/** @throws CliError output-not-ours when the folder holds anything */
export async function assertEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length > 0) throw new CliError('output-not-ours', { directory: folder })
}
