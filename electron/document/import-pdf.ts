import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import sharp from 'sharp'
import { writeFileDurably } from '../files.ts'
import { DocumentError } from './errors.ts'
import {
  DRAWING_DPI,
  type ImportedPage,
  type ImportOptions,
  PIXEL_LIMIT,
  pagePath,
  throwIfCancelled,
} from './import.ts'
import { readPageFile } from './page-image.ts'
import { pagePicture } from './pdf-page-picture.ts'
import type { PageImage } from './types.ts'

const packages = createRequire(import.meta.url)

/**
 * Opens a PDF with pdf.js, which draws in this process and runs no script of the file (scripting is a part of its viewer that is not
 * loaded); fonts and maps come from the package, nothing from the net.
 */
async function open(bytes: Uint8Array, file: string): Promise<PDFDocumentProxy> {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const folder = dirname(packages.resolve('pdfjs-dist/package.json'))
  const task = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    standardFontDataUrl: `${join(folder, 'standard_fonts')}/`,
    cMapUrl: `${join(folder, 'cmaps')}/`,
    wasmUrl: `${join(folder, 'wasm')}/`,
    iccUrl: `${join(folder, 'iccs')}/`,
    enableXfa: false,
    useSystemFonts: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  })
  try {
    return await task.promise
  } catch (cause) {
    await task.destroy()
    const needsPassword = cause instanceof Error && cause.name === 'PasswordException'
    throw new DocumentError(needsPassword ? 'pdf-password' : 'pdf-damaged', { file }, { cause })
  }
}

type PageContents = Omit<PageImage, 'path'> & { readonly bytes: Uint8Array }

/** Draws one page at 300 dpi. */
async function draw(document: PDFDocumentProxy, number: number, file: string): Promise<PageContents> {
  const { createCanvas } = await import('@napi-rs/canvas')
  try {
    const page = await document.getPage(number)
    const viewport = page.getViewport({ scale: DRAWING_DPI / 72 })
    const widthPx = Math.max(1, Math.round(viewport.width))
    const heightPx = Math.max(1, Math.round(viewport.height))
    if (widthPx * heightPx > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
    const canvas = createCanvas(widthPx, heightPx)
    // The canvas of @napi-rs has what pdf.js calls (pdf.js uses it itself under Node); only its type is not the browser's.
    const surface: unknown = canvas
    await page.render({ canvas: surface as HTMLCanvasElement, viewport, background: '#ffffff' }).promise
    page.cleanup()
    const raw = { width: widthPx, height: heightPx, channels: 4 } as const
    const bytes = await sharp(canvas.data(), { raw, limitInputPixels: PIXEL_LIMIT })
      .removeAlpha()
      .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
      .withDensity(DRAWING_DPI)
      .toBuffer()
    return { bytes, mediaType: 'image/jpeg', widthPx, heightPx, dpi: DRAWING_DPI }
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause
    throw new DocumentError('pdf-damaged', { file }, { cause })
  }
}

/** The file's objects, to take pictures out unchanged; null when it can only be drawn. */
async function openObjects(bytes: Uint8Array): Promise<PDFDocument | null> {
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    return document.getPageCount() > 0 ? document : null
  } catch {
    // pdf.js mends more than pdf-lib reads; whatever pdf-lib cannot read is drawn instead.
    return null
  }
}

function takeOut(objects: PDFDocument, index: number): PageContents | null {
  try {
    const picture = pagePicture(objects, index)
    return picture && { ...picture, mediaType: 'image/jpeg' }
  } catch {
    // A page that is built strangely is drawn instead.
    return null
  }
}

/**
 * Reads a PDF page by page: a page that is exactly one full-page JPEG gives that JPEG's bytes, every other page is drawn at 300 dpi.
 * Nothing in the file is executed. Files go to `directory` as `page-0001.jpg`, …; after an error the pages handed out stay valid.
 * @throws DocumentError page-file-missing, page-file-empty, pdf-damaged, pdf-password, image-too-large, import-cancelled
 */
export async function* importPdf(
  path: string,
  directory: string,
  options: ImportOptions = {},
): AsyncGenerator<ImportedPage> {
  const file = basename(path)
  throwIfCancelled(options.signal)
  const bytes = await readPageFile(path)
  const objects = await openObjects(bytes)
  // A scanner's PDF needs no drawing, so pdf.js is opened only for the first page that does.
  let document = objects ? null : await open(bytes, file)
  try {
    const pageCount = objects?.getPageCount() ?? document?.numPages ?? 0
    if (pageCount === 0) throw new DocumentError('pdf-damaged', { file })
    for (let page = 1; page <= pageCount; page++) {
      throwIfCancelled(options.signal)
      let contents = objects && takeOut(objects, page - 1)
      if (!contents) {
        document ??= await open(bytes, file)
        if (document.numPages !== pageCount) throw new DocumentError('pdf-damaged', { file })
        contents = await draw(document, page, file)
      }
      const { bytes: picture, ...image } = contents
      const path = pagePath(directory, (options.firstPage ?? 1) + page - 1, image.mediaType)
      await writeFileDurably(path, picture)
      yield { page, pageCount, image: { path, ...image } }
    }
  } finally {
    await document?.loadingTask.destroy()
  }
}
