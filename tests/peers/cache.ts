import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { MissingPeer } from './types.ts'

export const run = promisify(execFile)

/** Outside of node_modules, which each set-up makes anew. */
const root = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'certified-copy-desk', 'peers')

/**
 * The cache folder of this name, filled by `install` when it is not there yet. A filling that failed leaves nothing behind.
 * @param name with the versions in it: another version is another folder
 */
export async function cached(name: string, install: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(root, name)
  const stamp = join(folder, '.complete')
  if (existsSync(stamp)) return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  process.stderr.write(`peers: installing ${name}\n`)
  await install(folder)
  await writeFile(stamp, '')
  return folder
}

/** Starts a peer; the first line of the error says why one cannot be had. */
export async function find<P extends object>(name: string, start: () => Promise<P>): Promise<P | MissingPeer> {
  try {
    return await start()
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error && String(error.stderr).trim()
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error)
      return { name, missing: `${error.path} is not installed` }
    const reason = output || (error instanceof Error ? error.message : String(error))
    return { name, missing: reason.split('\n')[0]?.slice(0, 200) ?? 'unknown' }
  }
}
