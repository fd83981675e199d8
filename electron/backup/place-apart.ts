import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { BackupError } from './errors.ts'

/** @throws BackupError backup-place-wrong: one lies inside the other, and would go with it */
export async function requirePlaceApart(folder: string, place: string): Promise<void> {
  const inside = (inner: string, outer: string): boolean => {
    const path = relative(outer, inner)
    return path === '' || !(path.startsWith('..') || isAbsolute(path))
  }
  const [office, backups] = [await realPath(folder), await realPath(place)]
  if (inside(backups, office) || inside(office, backups)) throw new BackupError('backup-place-wrong')
}

/** Where a path leads behind its links, also where its end is not there yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const parent = dirname(resolve(path))
    return parent === resolve(path) ? parent : join(await realPath(parent), basename(path))
  }
}
