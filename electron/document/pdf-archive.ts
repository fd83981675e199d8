import { readFileSync } from 'node:fs'
import { resourcePath } from '../resources.ts'
import { xmlText } from './form-1/metadata.ts'
import { type ObjectNumber, type PdfWriter, pdfTextString, reference } from './pdf-writer.ts'
import { cleanText } from './text.ts'

/** What a document says of itself. */
export interface DocumentProperties {
  readonly title: string
  /** UTC; the only time that goes into the file. */
  readonly createdAt: Date
  /** Further descriptions in the XMP packet, as RDF. */
  readonly descriptions?: string
}

const PRODUCER = 'Certified Copy Desk'

/** XMP packet that names the file as PDF/A-2b (ISO 19005-2 §6.6.4) and says the same as the information dictionary. */
function metadataPacket(title: string, time: string, descriptions: string): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">${xmlText(title)}</rdf:li></rdf:Alt></dc:title>
   <xmp:CreateDate>${time}</xmp:CreateDate>
   <xmp:ModifyDate>${time}</xmp:ModifyDate>
   <xmp:CreatorTool>${PRODUCER}</xmp:CreatorTool>
   <pdf:Producer>${PRODUCER}</pdf:Producer>
  </rdf:Description>
${descriptions} </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`
}

/**
 * Writes what makes the pages a PDF/A-2b file: catalogue, page tree, sRGB output intent, metadata, information dictionary and trailer.
 * @param pages page objects in order, each already written with `pageTree` as its /Parent
 * @returns the length of the file
 */
export async function finishArchive(
  writer: PdfWriter,
  pageTree: ObjectNumber,
  pages: readonly ObjectNumber[],
  properties: DocumentProperties,
): Promise<number> {
  const time = `${properties.createdAt.toISOString().slice(0, 19)}Z`
  const title = cleanText(properties.title)

  await writer.object(
    pageTree,
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map(page => reference(page)).join(' ')}] >>`,
  )
  const profile = writer.reserve()
  await writer.deflatedStream(profile, '/N 3', readFileSync(resourcePath('icc', 'sRGB.icc')))
  const metadata = writer.reserve()
  await writer.stream(
    metadata,
    '/Type /Metadata /Subtype /XML',
    Buffer.from(metadataPacket(title, time, properties.descriptions ?? ''), 'utf8'),
  )
  const catalogue = writer.reserve()
  await writer.object(
    catalogue,
    `<< /Type /Catalog /Pages ${reference(pageTree)} /Metadata ${reference(metadata)} /Lang (vi-VN) ` +
      '/ViewerPreferences << /DisplayDocTitle true >> ' +
      '/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) ' +
      `/Info (sRGB IEC61966-2.1) /DestOutputProfile ${reference(profile)} >>] >>`,
  )
  const information = writer.reserve()
  const date = `(D:${time.replace(/[-:TZ]/g, '')}Z)`
  await writer.object(
    information,
    `<< /Title ${pdfTextString(title)} /CreationDate ${date} /ModDate ${date} /Creator (${PRODUCER}) /Producer (${PRODUCER}) >>`,
  )
  return writer.finish(catalogue, information)
}
