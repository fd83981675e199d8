import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../files.ts'
import type { PageFile, RawPage } from './driver.ts'
import { ScanningError } from './errors.ts'

/** A0 at 600 dpi; sharp's own limit is below A3 at 1200 dpi. */
const LARGEST_PAGE_PIXELS = 600_000_000
/** With less room than this a page cut short was cut by the full disk. */
const LEAST_ROOM_BYTES = 1_048_576
const PAGE_NAME = /^page-(\d+)\./
/** A folder of raw pages, for as long as a scan runs. */
export const WORK_FOLDER = '.scan-'
/** What only a program that was killed leaves in a folder of pages: raw pages and a page half written. */
const LEFTOVER = /^\.scan-|^\.page-\d+\..*\.tmp$/

/**
 * The number after the highest `page-NNNN` in `directory`, so that pages scanned after a jam, or another stack, go behind those kept.
 * Makes the folder when missing.
 */
export async function nextPageNumber(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true })
  const numbers = (await readdir(directory)).map(name => Number(PAGE_NAME.exec(name)?.[1] ?? 0))
  return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1
}

/** Removes what a killed scan left in its folder: papers of citizens that nobody knows of do not stay. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (LEFTOVER.test(name)) await rm(join(directory, name), { recursive: true, force: true })
}

/** The names of pages sort in page order. */
function pageName(number: number, mediaType: PageFile['mediaType']): string {
  return `page-${String(number).padStart(4, '0')}.${mediaType === 'image/png' ? 'png' : 'jpg'}`
}

/**
 * Keeps one raw page of a scanner, as its program left it, as JPEG (quality 85, no colour subsampling, so that stamps and thin red lines stay sharp) or, for line
 * art, as PNG without loss; the resolution goes into the file.
 * @throws what sharp throws for a damaged image; errors of the file system
 */
export async function storePage({ path: raw, directory, number, colour, dpi }: RawPage): Promise<PageFile> {
  const { default: sharp } = await import('sharp')
  const input = sharp(raw, { limitInputPixels: LARGEST_PAGE_PIXELS, sequentialRead: true })
  const { density, width, height } = await input.metadata()
  // Below this a "page" is a device's mistake (no height, a single line), not paper.
  if (Math.min(width, height) < 8) throw new Error(`raw page of ${width} × ${height} pixels`)
  const pageDpi = density ?? dpi
  const image = input.withDensity(pageDpi).toColourspace(colour === 'colour' ? 'srgb' : 'b-w')
  const encoded =
    colour === 'lineart' ? image.png({ compressionLevel: 9 }) : image.jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  const mediaType = colour === 'lineart' ? 'image/png' : 'image/jpeg'
  const path = join(directory, pageName(number, mediaType))
  await writeFileDurably(path, data)
  return {
    path,
    mediaType,
    widthPx: info.width,
    heightPx: info.height,
    dpi: pageDpi,
    bytes: data.byteLength,
    sha256: createHash('sha256').update(data).digest('hex'),
  }
}

/**
 * What it means that a page could not be stored. Errors of the file system keep their own code; scanimage itself does not notice a full
 * disk, so a damaged page on a full disk is told as one.
 */
export async function pageFailure(error: unknown, directory: string, page: number): Promise<unknown> {
  if (error instanceof Error && 'syscall' in error) return error
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < LEAST_ROOM_BYTES)
    return Object.assign(new Error('disk full while scanning', { cause: error }), { code: 'ENOSPC' })
  return new ScanningError('scanned-page-damaged', { page, pages: page - 1 }, { cause: error })
}
