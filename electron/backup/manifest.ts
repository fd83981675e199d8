import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { headSchema } from '../store/heads.ts'
import { BackupError } from './errors.ts'

/**
 * A backup place holds `blobs/`, which all backups share and which only grows, and one folder for each backup (a generation), named by its time:
 *
 *     blobs/ab/ab12…             files by their SHA-256
 *     2026-11-29T02-14-09.123Z/  office.sqlite  blobs.txt  files/settings.json …  manifest.json
 *
 * A generation is made under a name that nobody takes for one, and renamed when its manifest is on disk: half a backup is none.
 */
export const MANIFEST = 'manifest.json'
export const SNAPSHOT = 'office.sqlite'
export const BLOB_LIST = 'blobs.txt'
export const FILES = 'files'
export const BLOBS = 'blobs'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const content = { sha256, bytes: z.int().nonnegative() }
/** A path inside the folder, so that a forged manifest writes nowhere else. */
const innerPath = z
  .string()
  .regex(/^[^/\\:]+(\/[^/\\:]+)*$/)
  .refine(path => !path.split('/').some(part => part === '..' || part === '.'))

const manifestSchema = z.strictObject({
  format: z.literal(1),
  program: z.string(),
  madeAt: z.iso.datetime(),
  officeId: z.string().min(1),
  /** How far the office had come. */
  head: headSchema,
  database: z.strictObject(content),
  files: z.array(z.strictObject({ path: innerPath, ...content })),
  blobs: z.strictObject({ count: z.int().nonnegative(), listSha256: sha256 }),
  /** Secrets and tokens, which are never copied: to be set up again on another machine. */
  leftOut: z.array(z.string()),
  /** Files by their hash that the office itself had lost when the backup was made. */
  lost: z.array(sha256),
})
export type Manifest = z.infer<typeof manifestSchema>

/** A whole backup. */
export interface Generation {
  readonly name: string
  readonly folder: string
  readonly manifest: Manifest
  readonly manifestSha256: string
}

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/
export const generationName = (at: Date): string => at.toISOString().replaceAll(':', '-')

export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** @throws BackupError backup-damaged, backup-newer */
export async function readGeneration(place: string, name: string): Promise<Generation> {
  const folder = join(place, name)
  const bytes = await readPart(folder, MANIFEST, name)
  const json = parsed(bytes, name)
  const newer = z.object({ format: z.int().min(2) }).safeParse(json)
  if (newer.success) throw new BackupError('backup-newer', { name })
  const manifest = manifestSchema.safeParse(json)
  if (!manifest.success) throw new BackupError('backup-damaged', { name }, { cause: manifest.error })
  return { name, folder, manifest: manifest.data, manifestSha256: sha256Of(bytes) }
}

/** A pipe in its place is not waited for. @throws BackupError backup-damaged */
async function readPart(folder: string, part: string, name: string): Promise<Buffer> {
  const path = join(folder, part)
  try {
    if ((await stat(path)).isFile()) return await readFile(path)
  } catch (error) {
    throw new BackupError('backup-damaged', { name }, { cause: error })
  }
  throw new BackupError('backup-damaged', { name })
}

function parsed(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new BackupError('backup-damaged', { name }, { cause: error })
  }
}

/** Names of the backups in a place, the newest first; none where there is no such place. */
export async function generationNames(place: string): Promise<readonly string[]> {
  try {
    return (await readdir(place)).filter(name => NAME.test(name)).toSorted((one, other) => (one < other ? 1 : -1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Which backup of a place is meant: the one named, else the newest of the office. */
export interface WhichBackup {
  readonly name?: string
  /** Left out where nobody knows it yet: then the place must hold one office's alone. */
  readonly officeId?: string | null
}

/**
 * The backup that is meant. One that cannot be read is never passed over for an older one.
 * @throws BackupError backup-not-found, backup-damaged, backup-newer, backup-other-office, backup-several-offices
 */
export async function chooseGeneration(place: string, { name, officeId }: WhichBackup = {}): Promise<Generation> {
  const names = await generationNames(place)
  if (name !== undefined) {
    if (!names.includes(name)) throw new BackupError('backup-not-found')
    return readGeneration(place, name)
  }
  let newest: Generation | null = null
  for (const each of names) {
    const generation = await readGeneration(place, each).catch((error: unknown) => {
      if (newest !== null && error instanceof BackupError) return null
      throw error
    })
    if (!generation || (officeId && generation.manifest.officeId !== officeId)) continue
    newest ??= generation
    if (generation.manifest.officeId !== newest.manifest.officeId) throw new BackupError('backup-several-offices')
  }
  if (!newest) throw new BackupError(names.length === 0 ? 'backup-not-found' : 'backup-other-office')
  return newest
}

/** The stored files that a backup needs. @throws BackupError backup-damaged */
export async function blobsOf({ folder, manifest, name }: Generation): Promise<readonly string[]> {
  const text = (await readPart(folder, BLOB_LIST, name)).toString('utf8')
  if (sha256Of(text) !== manifest.blobs.listSha256) throw new BackupError('backup-damaged', { name })
  const lines = text.split('\n').filter(line => line !== '')
  if (!lines.every(line => sha256.safeParse(line).success)) throw new BackupError('backup-damaged', { name })
  return lines
}
