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

/**
 * Reads a JPEG, PNG or (multi-page) TIFF. JPEG and PNG are decoded once to prove them sound and copied byte for byte; a TIFF's pages
 * become PNG. Files go to `directory` as `page-0001.jpg`, …
 * @throws DocumentError page-file-missing, page-file-empty, page-format-unknown, image-damaged, image-too-large, import-cancelled
 */
export async function* readImage(
  _path: string,
  _directory: string,
  _options: ImportOptions = {},
): AsyncGenerator<ImportedPage> {}

/**
 * Reads a PDF page by page: a page that is exactly one full-page JPEG gives that JPEG's bytes, every other page is drawn at 300 dpi.
 * Nothing in the file is executed. Files go to `directory` as `page-0001.jpg`, …; after an error the pages handed out stay valid.
 * @throws DocumentError page-file-missing, page-file-empty, pdf-damaged, pdf-password, image-too-large, import-cancelled
 */
export async function* importPdf(
  _path: string,
  _directory: string,
  _options: ImportOptions = {},
): AsyncGenerator<ImportedPage> {}
