import { chmod, lstat, readdir, realpath } from 'node:fs/promises'
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
 * it and leaves alone what belongs to another account. Opens no file: closing one would drop SQLite's locks on it (sqlite.org/howtocorrupt.html
 * §2.2). Windows has its own rights: `accountsThatRead`.
 * @returns what is still open to others (a disk that knows no rights): nothing stops because of it, but support is told
 */
export async function closeToOthers(folder: string): Promise<readonly string[]> {
  if (process.platform === 'win32') return []
  const own = await realpath(folder)
  // First of all: from then on no other account can put a link in the place of a file.
  const first = await closeOne(own)
  const inside = await readdir(own).catch(ignoring('EACCES'))
  const rest = await Promise.all((inside ?? []).map(name => closeOne(join(own, name))))
  return [first, ...rest].flatMap(path => path ?? [])
}

/** @returns the path where it stays open to others */
async function closeOne(path: string): Promise<string | null> {
  const open = await openRights(path)
  if (open === null) return null
  await chmod(path, open & ~OTHERS).catch(ignoring('ENOENT', 'EPERM', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'))
  return (await openRights(path)) === null ? null : path
}

/** The rights of what is ours and open to others; else null. A link has no rights of its own, and what is gone by now neither. */
async function openRights(path: string): Promise<number | null> {
  const found = await lstat(path).catch(ignoring('ENOENT'))
  if (found === null || found.isSymbolicLink() || found.uid !== process.getuid?.()) return null
  return (found.mode & OTHERS) === 0 ? null : found.mode & 0o777
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
