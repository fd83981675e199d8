import { realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, relative } from 'node:path'

/** Whether a path leads, through all links, into a folder where the program itself writes what others bring, or into the system's for everybody. */
export async function liesWhereFilesAreBrought(path: string, ownFolders: readonly string[]): Promise<boolean> {
  const real = await realpath(path)
  const folders = await Promise.all([...ownFolders, tmpdir()].map(folder => realpath(folder).catch(() => folder)))
  return folders.some(folder => {
    const inside = relative(folder, real)
    return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))
  })
}
