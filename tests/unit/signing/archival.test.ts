import { PDFDocument, PDFName } from 'pdf-lib'
import { expect, test } from 'vitest'
import { archivalPart } from '../../../native-signing/pdf/archival.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'

async function claiming(text: string): Promise<number | null> {
  const document = await PDFDocument.create()
  document.addPage()
  const metadata = document.context.flateStream(text, { Type: 'Metadata', Subtype: 'XML' })
  document.catalog.set(PDFName.of('Metadata'), document.context.register(metadata))
  return archivalPart(PdfDocument.open(new MemorySource(await document.save({ useObjectStreams: false }))))
}

test.each([
  ['as an element', '<pdfaid:part>2</pdfaid:part>', 2],
  ['as an attribute', '<rdf:Description pdfaid:part="4" pdfaid:rev="2020"/>', 4],
  ['not at all', '<rdf:Description/>', null],
])('the part of PDF/A is read, %s', async (_, text, part) => {
  expect(await claiming(text)).toBe(part)
})

test('metadata that swell beyond all measure are not searched', async () => {
  expect(await claiming(`<pdfaid:part>1</pdfaid:part>${' '.repeat(5 * 1024 * 1024)}`)).toBe(null)
})
