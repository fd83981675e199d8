import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { copyVerified, syncFolder, writeFileDurably } from '../files.ts'
import { StoreError } from './errors.ts'
import type { Reader } from './store.ts'

/** Files by the SHA-256 of their content: written once and whole, never changed, so a name proves its content. */
export interface BlobStore {
  /** Stores the bytes durably before it resolves. @returns SHA-256, lower-case hex. @throws ENOSPC and other file errors as they are */
  put(bytes: Uint8Array): Promise<string>
  /** As `put`, from a file of any size. */
  putFile(path: string): Promise<string>
  /** As `putFile`, where the hash is known: read once. @throws StoreError blob-damaged: the content is another */
  putKnown(sha256: string, path: string): Promise<string>
  /** Where the content lies; for readers that take a path. The file need not exist. */
  path(sha256: string): string
  has(sha256: string): Promise<boolean>
  /** @returns the path, after the content was read and compared with its name. @throws StoreError blob-missing, blob-damaged */
  verified(sha256: string): Promise<string>
  /** The same for a file that is only looked at, perhaps in hundreds of pieces: read and compared again when anybody has touched it. */
  looked(sha256: string): Promise<string>
  /** Hashes of all stored files. */
  list(): AsyncIterable<string>
}

const SHA256_HEX = /^[0-9a-f]{64}$/

export const isBlobName = (text: string): boolean => SHA256_HEX.test(text)

/** SHA-256 of a file, read in pieces. @throws StoreError file-unusable: a folder, or a pipe or device that would be read for ever */
export async function hashFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new StoreError('file-unusable')
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Whether a file is there with this content; what is no file has none. @throws ENOENT and other file errors as they are */
export async function hasContent(path: string, sha256: string): Promise<boolean> {
  return (await stat(path)).isFile() && (await hashFile(path)) === sha256
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** A blob store in `folder`, spread over sub-folders by the first two letters of the hash; what is being written lies in `folder` itself. */
export function openBlobs(folder: string): BlobStore {
  const path = (sha256: string): string => {
    if (!isBlobName(sha256)) throw new TypeError('a blob is named by its SHA-256 in lower-case hex')
    return join(folder, sha256.slice(0, 2), sha256)
  }

  async function store(sha256: string, write: (target: string) => Promise<void>): Promise<string> {
    const target = path(sha256)
    if (await exists(target)) return sha256
    const made = await mkdir(dirname(target), { recursive: true })
    if (made !== undefined) await syncFolder(dirname(made))
    if (made !== undefined && made !== dirname(target)) await syncFolder(folder)
    await write(target)
    return sha256
  }

  const copyChecked = (source: string, target: string, sha256: string): Promise<void> =>
    copyVerified(source, target, sha256, () => new StoreError('blob-damaged'), folder)

  async function verified(sha256: string): Promise<string> {
    const file = path(sha256)
    if (!(await exists(file))) throw new StoreError('blob-missing')
    if (!(await hasContent(file, sha256))) throw new StoreError('blob-damaged')
    return file
  }

  /** By its hash, how each file stood that was compared last. */
  const compared = new Map<string, string>()

  return {
    path,
    has: sha256 => exists(path(sha256)),
    put: bytes =>
      store(createHash('sha256').update(bytes).digest('hex'), target => writeFileDurably(target, bytes, folder)),
    putFile: async source => {
      const sha256 = await hashFile(source)
      return store(sha256, target => copyChecked(source, target, sha256))
    },
    putKnown: (sha256, source) => store(sha256, target => copyChecked(source, target, sha256)),
    verified,
    looked: async sha256 => {
      if (!(await exists(path(sha256)))) throw new StoreError('blob-missing')
      const { ino, size, mtimeNs, ctimeNs } = await stat(path(sha256), { bigint: true })
      const state = [ino, size, mtimeNs, ctimeNs].join(' ')
      if (compared.get(sha256) === state) return path(sha256)
      const file = await verified(sha256)
      compared.set(sha256, state)
      return file
    },
    async *list() {
      // Before its first file a store has no folder.
      if (!(await exists(folder))) return
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile() && isBlobName(entry.name)) yield entry.name
      }
    },
  }
}

/**
 * Stored files that no office refers to: what a crash between file and transaction leaves behind. Run it while nobody works, or leave
 * files younger than a day alone: a file is stored a moment before its row.
 */
export async function unreferencedBlobs(reader: Reader, blobs: BlobStore): Promise<readonly string[]> {
  const referenced = await referencedBlobs(reader)
  const left: string[] = []
  for await (const sha256 of blobs.list()) if (!referenced.has(sha256)) left.push(sha256)
  return left.sort()
}

/** The event of an anchor; no row but this event names the anchor's file. */
export const HEAD_ANCHORED = 'head-anchored'

const anchorFile = z.object({ fileSha256: z.string() })

function anchorFileOf(data: string): string | null {
  try {
    return anchorFile.safeParse(JSON.parse(data)).data?.fileSha256 ?? null
  } catch {
    return null
  }
}

/** Every stored file that a row or an anchor's event of the office names; what is no file's name, in a row that somebody changed, names none. */
export async function referencedBlobs(reader: Reader): Promise<ReadonlySet<string>> {
  const referenced = new Set<string | null>()
  const pages = await reader.selectFrom('page').select('blob_sha256').distinct().execute()
  for (const row of pages) referenced.add(row.blob_sha256)
  const copies = await reader.selectFrom('copy').select(['composed_sha256', 'signed_sha256', 'sealed_sha256']).execute()
  for (const row of copies) {
    for (const sha256 of [row.composed_sha256, row.signed_sha256, row.sealed_sha256]) referenced.add(sha256)
  }
  const archive = await reader.selectFrom('archive').select('file_sha256').execute()
  for (const row of archive) referenced.add(row.file_sha256)
  const people = await reader.selectFrom('person').select('signature_image_sha256').execute()
  for (const row of people) referenced.add(row.signature_image_sha256)
  const offices = await reader.selectFrom('office').select('seal_image_sha256').execute()
  for (const row of offices) referenced.add(row.seal_image_sha256)
  const restored = await reader.selectFrom('restored_number').select('file_sha256').execute()
  for (const row of restored) referenced.add(row.file_sha256)
  const anchors = await reader.selectFrom('audit_event').select('data').where('action', '=', HEAD_ANCHORED).execute()
  for (const row of anchors) referenced.add(anchorFileOf(row.data))
  return new Set([...referenced].filter(sha256 => sha256 !== null).filter(isBlobName))
}
