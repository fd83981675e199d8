import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NumberSource, UsedNumber } from '../office/register/restored.ts'
import { type BlobStore, hashFile } from '../store/blobs.ts'
import { StoreError } from '../store/errors.ts'
import { type Head, headsOf, readHeads } from '../store/heads.ts'
import { readDatabase, requireWholeFile } from '../store/sqlite/snapshot.ts'
import { BackupError } from './errors.ts'

/** What a certified file says of its number. */
export interface NumberInFile {
  readonly kind: string
  readonly year: number
  readonly number: number
  readonly book: string
  readonly day: string
  readonly officeName: string
  /** SHA-256 of the certificates whose signatures on it are intact. */
  readonly signedBy: readonly string[]
}

/** Reads a file that may be a certified copy; null where it is none. */
export type ReadNumber = (path: string) => Promise<NumberInFile | null>

/** The highest number of a register and year that something knows of. */
export interface HighestKnown {
  readonly kind: string
  readonly year: number
  readonly highest: number
  readonly source: NumberSource
}

export interface FoundFile extends NumberInFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** More than an office can have used since any backup: then the evidence itself is wrong. */
const PLAUSIBLE = 10_000

/** Certified files among the stored ones that no row of the restored database names. */
export async function filesAmong(
  blobs: BlobStore,
  known: ReadonlySet<string>,
  read: ReadNumber,
): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = []
  for (const sha256 of await listOf(blobs)) {
    // a file that was damaged, or half written, says nothing
    if (known.has(sha256) || (await hashFile(blobs.path(sha256))) !== sha256) continue
    found.push(...(await foundIn(blobs.path(sha256), sha256, read)))
  }
  return found
}

/** The same in a folder that somebody brought: copies given back, sent by e-mail, taken from the portal. */
export async function filesIn(
  folder: string,
  known: ReadonlySet<string>,
  read: ReadNumber,
): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const sha256 = await hashFile(path)
    if (!known.has(sha256)) found.push(...(await foundIn(path, sha256, read)))
  }
  return found
}

async function foundIn(path: string, sha256: string, read: ReadNumber): Promise<readonly FoundFile[]> {
  const number = await read(path)
  return number ? [{ ...number, path, sha256, bytes: (await stat(path)).size }] : []
}

/** Hashes of all stored files; none where nothing is stored yet. */
export async function listOf(blobs: BlobStore): Promise<readonly string[]> {
  const list: string[] = []
  try {
    for await (const sha256 of blobs.list()) list.push(sha256)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return list.sort()
}

/** What the file beside a database says; nothing where it is gone or cannot be read. */
export async function highestOfHeadFile(file: string, officeId: string): Promise<Head | null> {
  try {
    return (await readHeads(file))?.[officeId] ?? null
  } catch (error) {
    if (error instanceof StoreError) return null
    throw error
  }
}

/** What a database says that is still whole; nothing of one that is not. */
export async function highestOfDatabase(path: string, officeId: string): Promise<Head | null> {
  try {
    requireWholeFile(path)
    return (await readDatabase(path, headsOf))[officeId] ?? null
  } catch (error) {
    if (error instanceof StoreError || /^SQLITE_/.test(String(Object(error).code))) return null
    throw error
  }
}

/**
 * The numbers that were used after those which the restored database knows, with the best evidence of each: a certified file, else who says
 * that the series had come so far.
 * @throws BackupError restore-numbers-implausible
 */
export function usedNumbers(
  restored: Head,
  files: readonly FoundFile[],
  known: readonly HighestKnown[],
): readonly UsedNumber[] {
  const all: readonly HighestKnown[] = [
    ...files.map(({ kind, year, number }) => ({ kind, year, highest: number, source: 'file' as const })),
    ...known,
  ]
  const series = new Map(all.map(({ kind, year }) => [`${kind} ${year}`, { kind, year }]))
  const used: UsedNumber[] = []
  for (const { kind, year } of [...series.values()].sort((one, other) => one.year - other.year)) {
    const fits = (each: { readonly kind: string; readonly year: number }) => each.kind === kind && each.year === year
    const last = restored.numbers.find(fits)?.highest ?? 0
    const here = all.filter(fits)
    const highest = Math.max(...here.map(each => each.highest))
    if (highest - last > PLAUSIBLE) throw new BackupError('restore-numbers-implausible', { number: highest, year })
    for (let number = last + 1; number <= highest; number += 1) {
      // Composed, signed and sealed file all bear it; the sealed one is the largest, as each is the one before with more behind it.
      const [file] = files
        .filter(each => fits(each) && each.number === number)
        .toSorted((one, other) => other.bytes - one.bytes)
      const source = here.find(each => each.source !== 'file' && each.highest >= number)?.source ?? 'file'
      used.push(
        file
          ? { kind, year, number, source: 'file', book: file.book, day: file.day, fileSha256: file.sha256 }
          : { kind, year, number, source, book: null, day: null, fileSha256: null },
      )
    }
  }
  return used
}

/** Whether a file may be a PDF at all, so that scans and pictures need no reading. */
export async function beginsAsPdf(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.subarray(0, bytesRead).toString('latin1') === '%PDF-'
  } finally {
    await file.close()
  }
}
