import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasContent, openBlobs, referencedBlobs } from '../store/blobs.ts'
import { StoreError } from '../store/errors.ts'
import { headsOf } from '../store/heads.ts'
import type { Reader } from '../store/store.ts'
import type { ReadNumber } from './evidence.ts'
import { BLOBS } from './manifest.ts'

/** The office's clock and the disk's may differ by as much. */
const CLOCKS_MS = 24 * 60 * 60 * 1000

/**
 * No stored file bears a number that the register has still to give: where one does, the database and the head beside it were both put back.
 * Only folders that were written to after the register's last event are looked into, so it costs next to nothing.
 * @throws StoreError store-older-than-files
 */
export async function requireNoLostCopies(
  office: string,
  reader: Reader,
  officeId: string,
  readNumber: ReadNumber,
): Promise<void> {
  const end = await reader.selectFrom('audit_head').select('at').where('office_id', '=', officeId).executeTakeFirst()
  const since = end ? Date.parse(end.at) - CLOCKS_MS : 0
  const stored = await storedSince(join(office, BLOBS), since)
  if (stored.length === 0) return
  const known = await referencedBlobs(reader)
  const numbers = (await headsOf(reader))[officeId]?.numbers ?? []
  const blobs = openBlobs(join(office, BLOBS))
  for (const sha256 of stored.filter(each => !known.has(each))) {
    const found = await readNumber(blobs.path(sha256))
    if (!found || !(await hasContent(blobs.path(sha256), sha256))) continue
    const { kind, year, number } = found
    const last = numbers.find(each => each.kind === kind && each.year === year)?.highest ?? 0
    if (number > last) throw new StoreError('store-older-than-files', { number, year })
  }
}

/** Hashes of the files in those folders that were written to since. */
async function storedSince(folder: string, since: number): Promise<readonly string[]> {
  const stored: string[] = []
  for (const name of await namesIn(folder)) {
    const inner = join(folder, name)
    if ((await stat(inner)).mtimeMs < since) continue
    stored.push(...(await namesIn(inner)).filter(each => /^[0-9a-f]{64}$/.test(each)))
  }
  return stored
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}
