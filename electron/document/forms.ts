import type { PdfDocument } from '../../native-signing/pdf/document.ts'
import { readCopyMetadata } from './form-1/metadata.ts'
import { isCovered, readLastPage } from './form-1/read-page.ts'
import { WORDS } from './form-1/words.ts'
import type { CertifiedCopyLayout, CertifiedCopyRequest, CopyMetadata, Rectangle, StatementOnPage } from './types.ts'

/** How copies of one form are read and written; `docs/copy-forms.md` says why a form never changes. */
export interface CopyForm {
  /** The register's data in an XMP packet; null where they are not as this form's writer makes them. */
  readonly readMetadata: (packet: string) => CopyMetadata | null
  /** The statement on the last page; null as above. @throws SigningError */
  readonly readStatement: (document: PdfDocument, lastPage: number) => StatementOnPage | null
  /** Whether something laid over the page hides a part of the statement. @throws SigningError */
  readonly isCovered: (document: PdfDocument, lastPage: number, places: readonly Rectangle[]) => boolean
  /** Loaded when first used: whoever only reads copies needs none of what draws pages. */
  readonly writer: () => Promise<(request: CertifiedCopyRequest, out: string) => Promise<CertifiedCopyLayout>>
}

const FORMS = {
  1: {
    readMetadata: readCopyMetadata,
    readStatement: readLastPage,
    isCovered,
    writer: async () => (await import('./form-1/write/compose.ts')).composeCopy,
  },
} as const satisfies Readonly<Record<CertifiedCopyRequest['form'], CopyForm>>

/** The form that new copies get. */
export const NEWEST_FORM = 1
/** The words of its statement. */
export const STATEMENT_WORDS = WORDS

/** The number of the form that an XMP packet names; null where it names none, or several. */
export function formNumber(packet: string): number | null {
  const [found, ...more] = packet.matchAll(/<copy:form>(\d{1,4})<\/copy:form>/g)
  return found && more.length === 0 ? Number(found[1]) : null
}

/** Null for a form that only a newer program knows. */
export function copyForm(number: number): CopyForm | null {
  return Object.entries<CopyForm>(FORMS).find(([known]) => Number(known) === number)?.[1] ?? null
}

/**
 * Composes a copy to be certified into `out` (PDF/A-2b), whole or not at all, in the form that the request names: its pages, and the
 * statement on the last of them or on one of its own. The same request always gives the same bytes.
 * @throws DocumentError as `composePages`, and statement-invalid, statement-no-room, letters-without-font, font-changed
 */
export async function composeCertifiedCopy(request: CertifiedCopyRequest, out: string): Promise<CertifiedCopyLayout> {
  const compose = await FORMS[request.form].writer()
  return compose(request, out)
}
