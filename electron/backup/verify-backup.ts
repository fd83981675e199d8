import { join } from 'node:path'
import type { AuditFinding } from '../office/audit/findings.ts'
import { hasContent, openBlobs } from '../store/blobs.ts'
import { StoreError } from '../store/errors.ts'
import { headsOf } from '../store/heads.ts'
import { readDatabase, requireWholeFile } from '../store/sqlite/snapshot.ts'
import { auditFile } from './audit-copy.ts'
import { BackupError } from './errors.ts'
import { BLOBS, blobsOf, chooseGeneration, FILES, type Generation, SNAPSHOT, type WhichBackup } from './manifest.ts'

/** Something of a backup that is not as it was made. */
export interface BackupFinding {
  readonly kind:
    | 'list-changed'
    | 'file-missing'
    | 'file-changed'
    | 'blob-missing'
    | 'blob-changed'
    | 'blob-lost-before'
    | 'database-damaged'
    | 'head-differs'
    | 'register-untrue'
  /** Path, hash or event that it is about. */
  readonly subject: string
  /** What the audit found of the register. */
  readonly found?: AuditFinding
}

export interface VerifiedBackup {
  readonly generation: Generation
  readonly blobs: number
  readonly findings: readonly BackupFinding[]
}

/**
 * Reads a whole backup again: every file and stored file by its hash, every page of the database, the chain of events.
 * @throws BackupError backup-not-found, backup-damaged, backup-newer, backup-several-offices; errors of the file system as they are
 */
export async function verifyBackup(
  place: string,
  { signal, ...which }: WhichBackup & { readonly signal?: AbortSignal } = {},
): Promise<VerifiedBackup> {
  const generation = await chooseGeneration(place, which)
  const { folder, manifest } = generation
  const findings: BackupFinding[] = []

  for (const { path, sha256 } of manifest.files)
    findings.push(...(await judged(join(folder, FILES, path), sha256, 'file', path)))
  const snapshot = await judged(join(folder, SNAPSHOT), manifest.database.sha256, 'file', SNAPSHOT)
  findings.push(...(snapshot.length > 0 ? snapshot : await databaseFindings(generation)))

  const wanted = await blobsOf(generation).catch((error: unknown) => {
    if (!(error instanceof BackupError)) throw error
    findings.push({ kind: 'list-changed', subject: generation.name })
    return []
  })
  const blobs = openBlobs(join(place, BLOBS))
  for (const sha256 of wanted) {
    signal?.throwIfAborted()
    const found = await judged(blobs.path(sha256), sha256, 'blob', sha256)
    const known = manifest.lost.includes(sha256) && found.some(({ kind }) => kind === 'blob-missing')
    findings.push(...(known ? [{ kind: 'blob-lost-before', subject: sha256 } as const] : found))
  }
  return { generation, blobs: wanted.length, findings }
}

async function judged(
  path: string,
  sha256: string,
  what: 'file' | 'blob',
  subject: string,
): Promise<readonly BackupFinding[]> {
  try {
    return (await hasContent(path, sha256)) ? [] : [{ kind: `${what}-changed`, subject }]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return [{ kind: `${what}-missing`, subject }]
    throw error
  }
}

async function databaseFindings({ folder, manifest }: Generation): Promise<readonly BackupFinding[]> {
  const path = join(folder, SNAPSHOT)
  try {
    requireWholeFile(path)
    const head = (await readDatabase(path, headsOf))[manifest.officeId]
    if (head?.sequence !== manifest.head.sequence || head.hash !== manifest.head.hash)
      return [{ kind: 'head-differs', subject: String(manifest.head.sequence) }]
    return (await auditFile(path, manifest.officeId)).map(found => ({
      kind: 'register-untrue',
      subject: found.code,
      found,
    }))
  } catch (error) {
    if (error instanceof StoreError) return [{ kind: 'database-damaged', subject: error.code }]
    throw error
  }
}
