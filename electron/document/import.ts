import { join } from 'node:path'
import { DocumentError } from './errors.ts'
import type { PageImage } from './types.ts'

export interface ImportOptions {
  readonly signal?: AbortSignal
  /** Number in the name of the first file written (`page-0001.jpg`), so that several originals can share a folder. Default 1. */
  readonly firstPage?: number
}

/** One page of an imported original, written whole to the folder before it is handed out. */
export interface ImportedPage {
  /** 1-based within the original. */
  readonly page: number
  readonly pageCount: number
  readonly image: PageImage
}

/** Resolution at which pages without one of their own are drawn; NĐ 30/2020 Phụ lục I asks for at least 200. */
export const DRAWING_DPI = 300
/** A page of more pixels than an A0 sheet at 300 dpi is taken for a mistake or an attack. */
export const PIXEL_LIMIT = 200_000_000

/** The names of page files have four digits, and no paper has more pages. */
export const PAGE_LIMIT = 9_999

/** @throws DocumentError import-cancelled */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DocumentError('import-cancelled', {}, { cause: signal.reason })
}

/** Path of the page file with this number; names sort in page order up to 9999 pages. */
export function pagePath(directory: string, number: number, mediaType: PageImage['mediaType']): string {
  return join(directory, `page-${String(number).padStart(4, '0')}.${mediaType === 'image/jpeg' ? 'jpg' : 'png'}`)
}
