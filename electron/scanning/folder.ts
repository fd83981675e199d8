import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DeskError } from '../errors.ts'
import type { PageFile, ScanEvent, ScannerDevice, ScannerDriver, ScanRequest } from './driver.ts'
import { ScanningError, type ScanningErrorCode } from './errors.ts'
import { nextPageNumber } from './page-store.ts'

export interface ImportOptions {
  readonly firstPage: number
  readonly signal?: AbortSignal
}

/** What the folder driver must know of an imported page; it measures the rest itself. */
export interface ImportedPage {
  readonly image: Omit<PageFile, 'bytes' | 'sha256'>
}

/**
 * Reads one image or PDF into page files `page-NNNN.*` of `directory`, numbered from `firstPage`, each written whole before it is handed
 * out. Handed in, for reading documents is not the scanner's subject.
 */
export type ImportFile = (path: string, directory: string, options: ImportOptions) => AsyncIterable<ImportedPage>

export interface FolderOptions {
  readonly importFile: ImportFile
  /** Folders that are shown as devices, such as the one that a networked copier scans into. */
  readonly folders?: readonly string[]
}

const PREFIX = 'folder:'
/** Endings of files that can be imported. */
export const importableEndings: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.png',
  '.tif',
  '.tiff',
  '.pdf',
])
/** Names that programs give to files they still write, and to their own notes. */
const NOT_FOR_PEOPLE = /^(?:\.|~)/

/** By number inside the name (2 before 10) and by the Vietnamese alphabet; equal ones by code unit, so that the order is total. */
const collator = new Intl.Collator('vi', { numeric: true })
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/** Device id for all importable files of a folder. @param path absolute */
export function folderDeviceId(path: string): string {
  return PREFIX + path
}

/** Device id for chosen files, imported in the order given. @param paths absolute */
export function fileListDeviceId(paths: readonly string[]): string {
  return PREFIX + JSON.stringify(paths)
}

const pathList = z.array(z.string().refine(isAbsolute)).min(1)

/** The chosen files of a device id; null when it names a folder. */
function chosenFiles(device: string): readonly string[] | null {
  if (!device.startsWith('[')) return null
  try {
    return pathList.parse(JSON.parse(device))
  } catch (error) {
    throw new ScanningError('folder-not-found', { folder: device }, { cause: error })
  }
}

/** Importable files of a folder. Links are left out: they lead elsewhere, or to a file that is here already. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new ScanningError('folder-not-found', { folder }, { cause: error })
  })
  const names = entries
    .filter(entry => entry.isFile() && !NOT_FOR_PEOPLE.test(entry.name))
    .map(entry => entry.name)
    .filter(name => importableEndings.has(extname(name).toLowerCase()))
    .sort(naturalOrder)
  if (names.length === 0) throw new ScanningError('folder-empty', { folder })
  return names.map(name => join(folder, name))
}

/** A file that can be opened without waiting for ever: a regular one with something in it. */
async function checkFile(path: string, pages: number): Promise<void> {
  const file = basename(path)
  const found = await stat(path).catch((error: unknown) => {
    throw new ScanningError('import-file-not-found', { file, pages }, { cause: error })
  })
  if (!found.isFile()) throw new ScanningError('import-file-not-found', { file, pages })
  if (!importableEndings.has(extname(path).toLowerCase()))
    throw new ScanningError('import-file-unsupported', { file, pages })
  if (found.size === 0) throw new ScanningError('import-file-damaged', { file, pages })
}

async function measured(image: ImportedPage['image']): Promise<PageFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(image.path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { ...image, bytes, sha256: hash.digest('hex') }
}

/** What the reading of documents says and more than damage is meant. */
const OWN_WORDS: Readonly<Record<string, ScanningErrorCode>> = {
  'pdf-password': 'import-file-locked',
  'image-too-large': 'import-page-too-much',
  'page-asks-too-much': 'import-page-too-much',
  'page-memory-exceeded': 'import-page-too-much',
  'page-time-exceeded': 'import-page-too-slow',
  'too-many-pages': 'import-too-many-pages',
}

/** Names the file in what the reading of documents says; errors of the file system (a full disk) stay as they are. */
function understood(error: unknown, path: string, pages: number, signal?: AbortSignal): unknown {
  if (error instanceof ScanningError) return error
  if (signal?.aborted) return new ScanningError('scan-cancelled', { pages }, { cause: error })
  if (!(error instanceof DeskError)) return error
  const code = OWN_WORDS[error.code] ?? 'import-file-damaged'
  return new ScanningError(code, { ...error.parameters, file: basename(path), pages }, { cause: error })
}

/** The driver that takes pages from files instead of paper: all importable files of a folder, or a list of chosen files. */
export function folderDriver({ importFile, folders = [] }: FolderOptions): ScannerDriver {
  async function devices(): Promise<readonly ScannerDevice[]> {
    return folders.map(folder => ({
      id: folderDeviceId(folder),
      driver: 'folder',
      vendor: '',
      model: basename(folder),
      sources: [],
    }))
  }

  async function* scan(request: ScanRequest, directory: string, signal?: AbortSignal): AsyncGenerator<ScanEvent> {
    if (!request.deviceId.startsWith(PREFIX))
      throw new ScanningError('scanner-not-found', { device: request.deviceId, pages: 0 })
    const device = request.deviceId.slice(PREFIX.length)
    let pages = 0
    const paths = chosenFiles(device) ?? (await filesOf(device))
    const firstPage = await nextPageNumber(directory)
    for (const path of paths) {
      try {
        signal?.throwIfAborted()
        await checkFile(path, pages)
        for await (const { image } of importFile(path, directory, {
          firstPage: firstPage + pages,
          ...(signal ? { signal } : {}),
        })) {
          signal?.throwIfAborted()
          const file = await measured(image)
          pages++
          yield { kind: 'page', page: pages, file }
        }
      } catch (error) {
        throw understood(error, path, pages, signal)
      }
    }
  }

  return { name: 'folder', devices, scan }
}
