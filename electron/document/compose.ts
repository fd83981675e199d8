import { replaceDurably } from '../files.ts'
import type { CopyMetadata } from './copy-metadata.ts'
import { findRoom, mapPage } from './empty-space.ts'
import { DocumentError } from './errors.ts'
import { statementText } from './legal-text.ts'
import { DocumentFonts, PageContent, writePage } from './page-content.ts'
import { type PlacedImage, type ProfileObjects, writePageImage } from './page-image.ts'
import { type DocumentProperties, finishArchive } from './pdf-archive.ts'
import { type ObjectNumber, PdfWriter, reference } from './pdf-writer.ts'
import { A4, drawStatement, drawStatementPage, measureStatement, POINTS_PER_MILLIMETRE } from './statement.ts'
import { cleanText } from './text.ts'
import type { CertifiedCopyLayout, CertifiedCopyRequest, PageImage, Statement } from './types.ts'

/** The statement keeps this far from the edges of a page of the original, points. */
const EDGE = 12 * POINTS_PER_MILLIMETRE

export interface ComposedDocument {
  readonly pageCount: number
  readonly bytes: number
}

/** The register's data of the copy, in the very letters that stand on the page. */
function metadataOf({ number, book, date, officeName, signerName }: Statement, pageCount: number): CopyMetadata {
  return {
    number: cleanText(number),
    book: cleanText(book),
    date,
    officeName: cleanText(officeName),
    signerName: cleanText(signerName),
    pageCount,
  }
}

/** Writes the page that shows `image`, with what `overlay` adds. */
async function writeImagePage(
  writer: PdfWriter,
  pageTree: ObjectNumber,
  image: PlacedImage,
  overlay?: { readonly content: string; readonly resources: string },
): Promise<ObjectNumber> {
  const resources = [`/XObject << /Image ${reference(image.object)} >>`, overlay?.resources ?? ''].join(' ').trim()
  return writePage(writer, pageTree, image, [image.content, overlay?.content ?? ''].join('\n').trim(), resources)
}

/**
 * Puts page images into a PDF/A-2b file at `out`, each page at 100 % of its paper size, JPEG data unchanged. One page is in memory at a
 * time; the same input always gives the same bytes.
 * @throws DocumentError no-pages, page-file-missing, page-file-empty, image-damaged, page-size-unusable; ENOSPC and the like as they are
 */
export async function composePages(
  pages: readonly PageImage[],
  properties: DocumentProperties,
  out: string,
): Promise<ComposedDocument> {
  if (pages.length === 0) throw new DocumentError('no-pages')
  return replaceDurably(out, async file => {
    const writer = new PdfWriter(file)
    const pageTree = writer.reserve()
    const profiles: ProfileObjects = new Map()
    const written: ObjectNumber[] = []
    for (const page of pages) {
      written.push(await writeImagePage(writer, pageTree, await writePageImage(writer, profiles, page)))
    }
    return { pageCount: written.length, bytes: await finishArchive(writer, pageTree, written, properties) }
  })
}

/**
 * Composes a copy to be certified into `out` (PDF/A-2b): the pages as `composePages` sets them, and the statement on the last page
 * (NĐ 23/2015 Điều 20 khoản 3), where that page is empty, else on an added A4 page. The marks themselves are drawn by the signatures.
 * @throws DocumentError as `composePages`, and statement-invalid, statement-no-room, letters-without-font, legal-text-invalid
 */
export async function composeCertifiedCopy(request: CertifiedCopyRequest, out: string): Promise<CertifiedCopyLayout> {
  const lastPage = request.pages.at(-1)
  if (!lastPage) throw new DocumentError('no-pages')
  const text = statementText()
  return replaceDurably(out, async file => {
    const writer = new PdfWriter(file)
    const pageTree = writer.reserve()
    const fonts = new DocumentFonts(writer)
    const content = new PageContent(fonts)
    const block = measureStatement(request.statement, text, request.sealDiameterMm, content)
    const profiles: ProfileObjects = new Map()
    const written: ObjectNumber[] = []
    for (const page of request.pages.slice(0, -1)) {
      written.push(await writeImagePage(writer, pageTree, await writePageImage(writer, profiles, page)))
    }

    const last = await writePageImage(writer, profiles, lastPage)
    const room = request.placement === 'new-page' ? null : findRoom(await mapPage(lastPage, last), last, block, EDGE)
    if (!room && request.placement === 'last-page') throw new DocumentError('statement-no-room')
    if (!room) written.push(await writeImagePage(writer, pageTree, last))
    const copy = {
      officeName: request.statement.officeName,
      title: request.title,
      pages: request.pages.length,
    }
    const place = room ?? drawStatementPage(block, text, copy, content)
    const marks = drawStatement(block, text, place, content)
    const overlay = { content: content.bytes, resources: fonts.resources }
    written.push(
      room
        ? await writeImagePage(writer, pageTree, last, overlay)
        : await writePage(writer, pageTree, A4, overlay.content, overlay.resources),
    )

    await fonts.embed()
    await finishArchive(writer, pageTree, written, {
      title: request.title,
      createdAt: request.createdAt,
      copy: metadataOf(request.statement, written.length),
    })
    return { pageCount: written.length, statementPage: written.length, ...marks }
  })
}
