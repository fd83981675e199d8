import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { type DeskSettings, SETTINGS_FILE } from '../desk-settings.ts'
import { syncFolder, writeFileDurably } from '../files.ts'
import { type BlobStore, hasContent, hashFile, openBlobs, referencedBlobs } from '../store/blobs.ts'
import { StoreError } from '../store/errors.ts'
import { headsOf } from '../store/heads.ts'
import { copyDatabase, readDatabase } from '../store/sqlite/snapshot.ts'
import { DATABASE_FILE, HEAD_FILE } from '../store/store.ts'
import { BackupError } from './errors.ts'
import {
  BLOB_LIST,
  BLOBS,
  FILES,
  type Generation,
  generationName,
  MANIFEST,
  type Manifest,
  SNAPSHOT,
  sha256Of,
} from './manifest.ts'
import { requirePlaceApart } from './place-apart.ts'
import { isThere } from './put-in-place.ts'
import { sweepHalfMade, sweepOld } from './sweep.ts'

/** The office that is backed up; others may work in it meanwhile. */
export interface BackupSource {
  readonly folder: string
  readonly settings: DeskSettings
  readonly programVersion: string
}

export interface BackupOptions {
  readonly at: Date
  /** How many backups of this office stay in the place; older ones go. */
  readonly keep: number
  /** Reads what earlier backups stored again, and mends it. */
  readonly recheck?: boolean
  readonly signal?: AbortSignal
}

export interface BackupMade extends Generation {
  /** Files that no earlier backup had stored. */
  readonly copied: number
}

/**
 * Makes a whole backup of an office in a second place. Stopped at any moment, it leaves no backup, and the next one works.
 * @throws BackupError backup-place-wrong, backup-place-missing; StoreError store-damaged; errors of the file system as they are
 */
export async function makeBackup(source: BackupSource, place: string, options: BackupOptions): Promise<BackupMade> {
  await requirePlaceApart(source.folder, place)
  const { at, signal } = options
  // Made here, it could come to lie on this PC's own disk where the other one is not plugged in.
  if (!(await isThere(place))) throw new BackupError('backup-place-missing')
  await sweepHalfMade(place, at)
  const name = await beginGeneration(place, at)
  const making = makingFolder(place, name)
  try {
    const snapshot = join(making, SNAPSHOT)
    await copyDatabase(join(source.folder, DATABASE_FILE), snapshot)
    const { heads, named } = await readDatabase(snapshot, async reader => ({
      heads: await headsOf(reader),
      named: await referencedBlobs(reader),
    }))
    const head = heads[source.settings.officeId]
    if (!head) throw new StoreError('store-damaged')

    const stored = await storeBlobs(
      named,
      openBlobs(join(source.folder, BLOBS)),
      openBlobs(join(place, BLOBS)),
      options,
    )
    const list = stored.all.map(sha256 => `${sha256}\n`).join('')
    await writeFileDurably(join(making, BLOB_LIST), list)
    const { copied: files, leftOut } = await copyFiles(source, join(making, FILES))
    const manifest: Manifest = {
      format: 1,
      program: source.programVersion,
      madeAt: at.toISOString(),
      officeId: source.settings.officeId,
      head: { ...head, numbers: [...head.numbers] },
      database: { sha256: await hashFile(snapshot), bytes: (await stat(snapshot)).size },
      files,
      blobs: { count: stored.all.length, listSha256: sha256Of(list) },
      leftOut,
      lost: stored.lost,
    }
    signal?.throwIfAborted()
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await writeFileDurably(join(making, MANIFEST), text)
    await rename(making, join(place, name))
    await syncFolder(place)
    await sweepOld(place, source.settings.officeId, options.keep)
    // told from memory: another PC's newer backup may have swept it away already
    return { name, folder: join(place, name), manifest, manifestSha256: sha256Of(text), copied: stored.copied }
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    throw error
  }
}

const makingFolder = (place: string, name: string): string => join(place, `.making-${name}`)

/** Makes the folder of a backup that nobody else makes; one that another PC began in the same millisecond has that name alone. */
async function beginGeneration(place: string, at: Date): Promise<string> {
  for (let moment = at.getTime(); ; moment += 1) {
    const name = generationName(new Date(moment))
    if (!(await isMade(makingFolder(place, name)))) continue
    if (!(await isThere(join(place, name)))) return name
    await rm(makingFolder(place, name), { recursive: true })
  }
}

/** False where it is there already. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Stores every file that the office has, also those that only its events name, such as copies returned for mending.
 * @param named those that a row or an anchor names: without one of them the office has lost something
 */
async function storeBlobs(
  named: ReadonlySet<string>,
  from: BlobStore,
  to: BlobStore,
  { recheck, signal }: BackupOptions,
): Promise<{ readonly all: readonly string[]; readonly copied: number; readonly lost: string[] }> {
  const wanted = new Set(named)
  for await (const sha256 of from.list()) wanted.add(sha256)
  const all: string[] = []
  let copied = 0
  const lost: string[] = []
  for (const sha256 of [...wanted].sort()) {
    signal?.throwIfAborted()
    if (recheck && (await to.has(sha256)) && !(await hasContent(to.path(sha256), sha256)))
      await rename(to.path(sha256), `${to.path(sha256)}.damaged`)
    try {
      if (!(await to.has(sha256))) {
        await to.putKnown(sha256, from.path(sha256))
        copied += 1
      }
      all.push(sha256)
    } catch (error) {
      // What the office has lost must not keep the rest from being safe.
      if (!isLost(error)) throw error
      if (!named.has(sha256)) continue
      all.push(sha256)
      lost.push(sha256)
    }
  }
  return { all, copied, lost }
}

const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'blob-damaged')

/** Settings, the head, and the certificates that the office trusts; what holds a secret stays where it is and is named. */
async function copyFiles({ folder, settings }: BackupSource, target: string) {
  const { trust, delivery, tokens, practice } = settings
  const wanted = [SETTINGS_FILE, HEAD_FILE, ...trust.anchors, ...trust.intermediates, ...trust.revocationLists]
  const copied: Manifest['files'] = []
  for (const path of new Set(wanted.map(each => each.replaceAll('\\', '/')))) {
    if (isAbsolute(path) || path.split('/').includes('..')) continue
    const bytes = await readIfThere(join(folder, path))
    if (!bytes) continue
    await writeFileDurably(join(target, path), bytes)
    copied.push({ path, sha256: sha256Of(bytes), bytes: bytes.length })
  }
  const leftOut = [
    ...(delivery.kind === 'dossier-api' ? [delivery.credentialsFile] : []),
    ...tokens.keyFiles,
    ...(practice ? ['practice'] : []),
  ]
  return { copied, leftOut }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
