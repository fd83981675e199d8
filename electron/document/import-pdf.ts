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
  PAGE_LIMIT,
  PIXEL_LIMIT,
  pagePath,
  throwIfCancelled,
} from './import.ts'
import { readPageFile } from './page-image.ts'
import { PdfDemand } from './pdf-demand.ts'
import { type PagePicture, pagePicture } from './pdf-page-picture.ts'
import { provePdfPicture } from './pdf-pictures.ts'
import { provePicture } from './prove-picture.ts'
import type { PageImage } from './types.ts'

/** Resolution at which large sheets are drawn; the least that NĐ 30/2020 Phụ lục I asks for. */
const LARGE_DRAWING_DPI = 200
/** Pixels up to which a page is drawn as fine as others: an A2 sheet has 35 million. */
const FINE_PIXELS = 40_000_000

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
    // A page that can be drawn only in part is no copy of it.
    stopAtErrors: true,
    maxImageSize: PIXEL_LIMIT,
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

/** Resolution for a page: an A1 sheet, or a larger one, needs no more than NĐ 30/2020 asks for. */
function drawingDpi(widthPoints: number, heightPoints: number): number {
  return widthPoints * heightPoints * (DRAWING_DPI / 72) ** 2 > FINE_PIXELS ? LARGE_DRAWING_DPI : DRAWING_DPI
}

interface DrawnPage {
  readonly contents: PageContents
  readonly blank: boolean
}

/** Draws one page. @throws DocumentError image-too-large; pdf-damaged where a part of it cannot be drawn */
async function draw(document: PDFDocumentProxy, number: number, file: string): Promise<DrawnPage> {
  const { createCanvas } = await import('@napi-rs/canvas')
  try {
    const page = await document.getPage(number)
    const natural = page.getViewport({ scale: 1 })
    const dpi = drawingDpi(natural.width, natural.height)
    const viewport = page.getViewport({ scale: dpi / 72 })
    const widthPx = Math.max(1, Math.round(viewport.width))
    const heightPx = Math.max(1, Math.round(viewport.height))
    if (widthPx * heightPx > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
    const canvas = createCanvas(widthPx, heightPx)
    // The canvas of @napi-rs has what pdf.js calls (pdf.js uses it itself under Node); only its type is not the browser's.
    const surface: unknown = canvas
    await page.render({ canvas: surface as HTMLCanvasElement, viewport, background: '#ffffff' }).promise
    // pdf.js draws on without a picture that it could not decode.
    for (const objects of [page.objs, page.commonObjs])
      for (const [, object] of objects) if (object === null) throw new DocumentError('image-damaged', { file })
    page.cleanup()
    const pixels = canvas.data()
    const raw = { width: widthPx, height: heightPx, channels: 4 } as const
    const bytes = await sharp(pixels, { raw, limitInputPixels: PIXEL_LIMIT })
      .removeAlpha()
      .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
      .withDensity(dpi)
      .toBuffer()
    const blank = pixels.every(value => value === 255)
    return { contents: { bytes, mediaType: 'image/jpeg', widthPx, heightPx, dpi }, blank }
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause
    throw new DocumentError('pdf-damaged', { file }, { cause })
  }
}

/** The file's objects, to take pictures out unchanged; null when it can only be drawn. */
async function openObjects(bytes: Uint8Array): Promise<PDFDocument | null> {
  try {
    const document = await PDFDocument.load(bytes, {
      updateMetadata: false,
      throwOnInvalidObject: true,
      // Files that are locked against changes alone are read by everybody.
      password: '',
    })
    return document.getPageCount() > 0 ? document : null
  } catch {
    // pdf.js mends more than pdf-lib reads; whatever pdf-lib cannot read is drawn instead.
    return null
  }
}

/** The page's one picture, proven; null where the page must be drawn. @throws DocumentError image-damaged */
async function takeOut(objects: PDFDocument, index: number, file: string): Promise<PageContents | null> {
  let picture: PagePicture | null
  try {
    picture = pagePicture(objects, index)
  } catch {
    // A page that is built strangely is drawn instead.
    return null
  }
  if (!picture) return null
  if (picture.widthPx * picture.heightPx > PIXEL_LIMIT) throw new DocumentError('image-too-large', { file })
  await provePicture(picture.bytes, file)
  return { ...picture, mediaType: 'image/jpeg' }
}

/** What the page asks for is counted, and its pictures proven, before anything is drawn. */
async function check(objects: PDFDocument, demand: PdfDemand, index: number, file: string): Promise<void> {
  try {
    for (const picture of demand.page(objects.getPage(index))) await provePdfPicture(picture, file)
  } catch (error) {
    if (!(error instanceof DocumentError)) throw new DocumentError('pdf-damaged', { file }, { cause: error })
    throw new DocumentError(error.code, { file, page: index + 1, ...error.parameters }, { cause: error })
  }
}

/**
 * Reads a PDF page by page: a page that is exactly one full-page JPEG gives that JPEG's bytes, every other page is drawn, at 300 dpi (200 from A1 on).
 * What a page asks for is counted before it is drawn, and a damaged picture in it is refused as one in a file of its own would be. Nothing in
 * the file is executed. Files go to `directory` as `page-0001.jpg`, …; after an error the pages handed out stay valid.
 * @throws DocumentError page-file-missing, page-file-empty, pdf-damaged, pdf-password, image-damaged, image-too-large, page-asks-too-much,
 *   too-many-pages, import-cancelled
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
  const demand = objects && new PdfDemand(objects)
  // A scanner's PDF needs no drawing, so pdf.js is opened only for the first page that does.
  let document = objects ? null : await open(bytes, file)
  try {
    const pageCount = objects?.getPageCount() ?? document?.numPages ?? 0
    if (pageCount === 0) throw new DocumentError('pdf-damaged', { file })
    if (pageCount > PAGE_LIMIT) throw new DocumentError('too-many-pages', { file, most: PAGE_LIMIT })
    for (let page = 1; page <= pageCount; page++) {
      throwIfCancelled(options.signal)
      let contents = objects && (await takeOut(objects, page - 1, file))
      if (!contents) {
        if (objects && demand) await check(objects, demand, page - 1, file)
        document ??= await open(bytes, file)
        if (document.numPages !== pageCount) throw new DocumentError('pdf-damaged', { file })
        const drawn = await draw(document, page, file)
        // What cannot be read in order, and shows nothing, is no empty page.
        if (drawn.blank && !objects) throw new DocumentError('pdf-damaged', { file })
        contents = drawn.contents
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
