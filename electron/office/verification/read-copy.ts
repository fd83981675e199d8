import { SigningError } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { is } from '../../../native-signing/pdf/objects.ts'
import { pageCount } from '../../../native-signing/pdf/page-tree.ts'
import { FileSource } from '../../../native-signing/pdf/source.ts'
import { copyForm, formNumber } from '../../document/forms.ts'
import type { CopyMetadata, StatementOnPage } from '../../document/types.ts'

/** What a file says of itself as a certified copy: in its metadata, and on its last page. */
export interface CopyFacts {
  /** The form that the signed metadata name, which says how the rest is read. */
  readonly form: number | null
  /** As they were signed. */
  readonly metadata: CopyMetadata | null
  /** Later updates may change a file's description; then this differs. */
  readonly metadataNow: CopyMetadata | null
  /** Null where the last page is not as the form's writer makes it. */
  readonly statement: StatementOnPage | null
  /** Something laid over the page, such as another signature's picture, hides the statement or a part of it. */
  readonly statementCovered: boolean
  readonly pageCount: number
}

/**
 * Reads what the file says of itself as a certified copy.
 * @param signedEnd end of the signer's revision; null where there is none
 * @throws SigningError as `verifyPdf`
 */
export function readCopy(path: string, signedEnd: number | null, password?: string): CopyFacts {
  using source = new FileSource(path)
  const document = PdfDocument.open(source, password)
  const signed = signedEnd === null ? document : readOr(null, () => document.cutAt(signedEnd))
  const pages = readOr(0, () => pageCount(document))
  const packet = signed && readOr(null, () => packetOf(signed))
  const number = packet === null ? null : formNumber(packet)
  const form = number === null ? null : copyForm(number)
  const statement = form && readOr(null, () => form.readStatement(document, pages))
  const packetNow = readOr(null, () => packetOf(document))
  return {
    form: number,
    metadata: form && packet !== null ? form.readMetadata(packet) : null,
    metadataNow: form && packetNow !== null ? form.readMetadata(packetNow) : null,
    statement,
    statementCovered:
      form !== null && statement !== null && readOr(true, () => form.isCovered(document, pages, statement.places)),
    pageCount: pages,
  }
}

/** Files of any maker are read here: what is not as it should be gives `otherwise`. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof SigningError) return otherwise
    throw error
  }
}

/** The file's XMP packet. */
function packetOf(document: PdfDocument): string | null {
  const packet = document.get(document.catalog, 'Metadata')
  return is(packet, 'stream') ? Buffer.from(document.streamData(packet)).toString('utf8') : null
}
