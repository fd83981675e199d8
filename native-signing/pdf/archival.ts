import { SigningError } from '../errors.ts'
import type { PdfDocument } from './document.ts'
import { is } from './objects.ts'

/** XMP of a document is some kilobytes; what is beyond all measure is not searched. */
const MAXIMUM_METADATA_BYTES = 4 * 1024 * 1024

/** The part of ISO 19005 (PDF/A) that the document says it keeps to; null for others. It is what the file claims, nothing is checked. */
export function archivalPart(document: PdfDocument): number | null {
  try {
    const metadata = document.get(document.catalog, 'Metadata')
    if (!is(metadata, 'stream')) return null
    const text = Buffer.from(document.streamData(metadata, MAXIMUM_METADATA_BYTES)).toString('utf8')
    const [, part] = /\bpdfaid:part\s*(?:=\s*["']|>)\s*([1-9])\b/.exec(text) ?? []
    return part === undefined ? null : Number(part)
  } catch (error) {
    // metadata that cannot be read keep nobody from signing
    if (error instanceof SigningError) return null
    throw error
  }
}
