import { replaceDurably } from '../../../files.ts'
import { writeImagePage } from '../../compose.ts'
import { findRoom, mapPage } from '../../empty-space.ts'
import { DocumentError } from '../../errors.ts'
import { DocumentFonts, PageContent, writePage } from '../../page-content.ts'
import { type ProfileObjects, writePageImage } from '../../page-image.ts'
import { A4, POINTS_PER_MILLIMETRE } from '../../paper.ts'
import { finishArchive } from '../../pdf-archive.ts'
import { type ObjectNumber, PdfWriter } from '../../pdf-writer.ts'
import { cleanText } from '../../text.ts'
import type { CertifiedCopyLayout, CertifiedCopyRequest, CopyMetadata } from '../../types.ts'
import { describeCopy } from '../metadata.ts'
import { drawStatement, drawStatementPage, measureStatement } from './statement.ts'

/** The statement keeps this far from the edges of a page of the original, points. */
const EDGE = 12 * POINTS_PER_MILLIMETRE

/** The register's data of the copy, in the very letters that stand on the page. */
function metadataOf({ statement, chain }: CertifiedCopyRequest, pageCount: number): CopyMetadata {
  const { number, book, date, officeName, signerName } = statement
  return {
    number: cleanText(number),
    book: cleanText(book),
    date,
    officeName: cleanText(officeName),
    signerName: cleanText(signerName),
    pageCount,
    chain,
  }
}

/**
 * Composes a copy to be certified into `out` (PDF/A-2b): the pages as `composePages` sets them, and the statement on the last page
 * (NĐ 23/2015 Điều 20 khoản 3), where that page is empty, else on an added A4 page. The marks themselves are drawn by the signatures.
 * @throws DocumentError as `composePages`, and statement-invalid, statement-no-room, letters-without-font, font-changed
 */
export async function composeCopy(request: CertifiedCopyRequest, out: string): Promise<CertifiedCopyLayout> {
  const lastPage = request.pages.at(-1)
  if (!lastPage) throw new DocumentError('no-pages')
  return replaceDurably(out, async file => {
    const writer = new PdfWriter(file)
    const pageTree = writer.reserve()
    const fonts = new DocumentFonts(writer)
    const content = new PageContent(fonts)
    const block = measureStatement(request.statement, request.sealDiameterMm, content)
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
    const place = room ?? drawStatementPage(block, copy, content)
    const marks = drawStatement(block, place, content)
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
      descriptions: describeCopy(metadataOf(request, written.length)),
    })
    return { pageCount: written.length, statementPage: written.length, ...marks }
  })
}
