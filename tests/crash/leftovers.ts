import { readdir, utimes } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** Files that only a process under way needs: half written ones, and those of signatures that were not completed. */
export async function leftovers(office: string): Promise<readonly string[]> {
  const all = await readdir(office, { recursive: true, withFileTypes: true })
  return all
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => path.endsWith('.tmp') || relative(office, path).split(sep)[0] === 'work')
}

const TWO_DAYS_MS = 2 * 86_400_000

/** Makes them two days old. */
export async function age(paths: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - TWO_DAYS_MS)
  for (const path of paths) await utimes(path, then, then)
}
