import { replaceDurably } from '../files.ts'
import { DocumentError } from './errors.ts'
import { writePage } from './page-content.ts'
import { type PlacedImage, type ProfileObjects, writePageImage } from './page-image.ts'
import { type DocumentProperties, finishArchive } from './pdf-archive.ts'
import { type ObjectNumber, PdfWriter, reference } from './pdf-writer.ts'
import type { PageImage } from './types.ts'

export interface ComposedDocument {
  readonly pageCount: number
  readonly bytes: number
}

/** Writes the page that shows `image`, with what `overlay` adds. */
export async function writeImagePage(
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
