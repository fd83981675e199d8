import { constants } from 'node:fs'
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Citizens' papers are for the account that works with them: what this process and those it starts make, no other account reads. */
export function keepToOneself(): void {
  process.umask(0o077)
}

/** Rights of the group and of all others. */
const OTHERS = 0o077

/**
 * Takes the rights of other accounts away from a folder and from what lies directly in it; what lies deeper is behind them. Follows no link in
 * it and leaves alone what belongs to another account. Windows has its own rights: `accountsThatRead`.
 * @returns what is still open to others (a disk that knows no rights): nothing stops because of it, but support is told
 */
export async function closeToOthers(folder: string): Promise<readonly string[]> {
  if (process.platform === 'win32') return []
  const own = await realpath(folder)
  const inside = await readdir(own).catch(ignoring('EACCES'))
  const open = await Promise.all([own, ...(inside ?? []).map(name => join(own, name))].map(closeOne))
  return open.flatMap(path => path ?? [])
}

/** @returns the path where it stays open to others */
async function closeOne(path: string): Promise<string | null> {
  // A link, a socket, what is gone by now, or what even we may not read.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    ignoring('ELOOP', 'ENXIO', 'ENOENT', 'EACCES'),
  )
  if (handle === null) return null
  try {
    return (await isOpenToOthers(handle)) ? path : null
  } finally {
    await handle.close()
  }
}

async function isOpenToOthers(handle: FileHandle): Promise<boolean> {
  const { uid, mode } = await handle.stat()
  if ((mode & OTHERS) === 0 || uid !== process.getuid?.()) return false
  await handle.chmod(mode & 0o777 & ~OTHERS).catch(ignoring('EPERM', 'EROFS', 'ENOTSUP'))
  return ((await handle.stat()).mode & OTHERS) !== 0
}

const systemErrorSchema = z.object({ code: z.string() })

const ignoring =
  (...codes: readonly string[]) =>
  (error: unknown): null => {
    if (codes.includes(systemErrorSchema.safeParse(error).data?.code ?? '')) return null
    throw error
  }

/** Whom Windows always lets in, and what stands for the owner. Vietnamese Windows calls them by these names too. */
const ALWAYS_IN = new Set([
  'nt authority\\system',
  'builtin\\administrators',
  'creator owner',
  'owner rights',
  'nt service\\trustedinstaller',
])

const ENTRY = /^(?<account>[^:]+):(?<rights>(?:\([A-Z,]+\))+)$/

/**
 * Accounts beside the own one, the system and its administrators that read a folder, by what `icacls FOLDER` prints.
 * @param account as `whoami` prints it: `pc\officer`
 */
export function accountsThatRead(printed: string, folder: string, account: string): readonly string[] {
  const entries = printed.split(/\r?\n/).flatMap(line => {
    const entry = ENTRY.exec((line.startsWith(folder) ? line.slice(folder.length) : line).trim())?.groups
    return entry ? [{ name: entry['account'] ?? '', rights: entry['rights'] ?? '' }] : []
  })
  return entries
    .filter(({ name, rights }) => {
      const known = name.toLowerCase()
      const denied = rights.includes('(DENY)') || rights.endsWith('(N)')
      return !denied && known !== account.toLowerCase() && !ALWAYS_IN.has(known)
    })
    .map(({ name }) => name)
}
