/** Faults of disks and files that any work may meet, whoever reports them. */
export type SystemFaultCode =
  | 'disk-full'
  | 'disk-read-only'
  | 'disk-fault'
  | 'permission-missing'
  | 'path-missing'
  | 'file-unusable'
  | 'file-in-use'
  | 'file-too-large'
  | 'machine-exhausted'

/** By the codes of POSIX and of SQLite (https://sqlite.org/rescode.html). A code of SQLite holds for its extended ones too. */
const FAULTS: Readonly<Record<string, SystemFaultCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  SQLITE_FULL: 'disk-full',
  // The file that processes share cannot grow: tmpfs and quotas say it so.
  SQLITE_IOERR_SHMSIZE: 'disk-full',
  EROFS: 'disk-read-only',
  SQLITE_READONLY: 'disk-read-only',
  EIO: 'disk-fault',
  ENXIO: 'disk-fault',
  ENODEV: 'disk-fault',
  ESTALE: 'disk-fault',
  SQLITE_IOERR: 'disk-fault',
  SQLITE_PROTOCOL: 'disk-fault',
  SQLITE_NOLFS: 'disk-fault',
  EACCES: 'permission-missing',
  EPERM: 'permission-missing',
  SQLITE_PERM: 'permission-missing',
  SQLITE_AUTH: 'permission-missing',
  ENOENT: 'path-missing',
  SQLITE_CANTOPEN: 'path-missing',
  EISDIR: 'file-unusable',
  ENOTDIR: 'file-unusable',
  EEXIST: 'file-unusable',
  ENOTEMPTY: 'file-unusable',
  ELOOP: 'file-unusable',
  ENAMETOOLONG: 'file-unusable',
  EBUSY: 'file-in-use',
  ETXTBSY: 'file-in-use',
  EFBIG: 'file-too-large',
  SQLITE_TOOBIG: 'file-too-large',
  EMFILE: 'machine-exhausted',
  ENFILE: 'machine-exhausted',
  ENOMEM: 'machine-exhausted',
  SQLITE_NOMEM: 'machine-exhausted',
}

/** They pass by themselves, or once a person has mended the disk: nothing was wrong with the work. */
export const SYSTEM_FAULTS: ReadonlySet<string> = new Set(Object.values(FAULTS))

/** What a system's or SQLite's code means for a person; null for every other one. */
export function systemFault(code: string): SystemFaultCode | null {
  return FAULTS[code] ?? FAULTS[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''] ?? null
}
