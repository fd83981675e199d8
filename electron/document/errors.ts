import { DeskError } from '../errors.ts'

/** Every way in which reading originals and composing documents can fail. The sentences stand in `resources/messages/document.json`. */
export const DOCUMENT_ERROR_CODES = [
  'page-file-missing',
  'page-file-empty',
  'page-format-unknown',
  'image-damaged',
  'image-too-large',
  'page-size-unusable',
  'pdf-damaged',
  'pdf-password',
  'import-cancelled',
  'no-pages',
  'letters-without-font',
  'statement-invalid',
  'statement-no-room',
  'legal-text-invalid',
  'font-changed',
  // a file that asks for more than paper does
  'page-asks-too-much',
  'page-memory-exceeded',
  'page-time-exceeded',
  'too-many-pages',
  // the threads and processes that work on documents
  'document-work-ended',
  'document-work-stopped',
] as const

export type DocumentErrorCode = (typeof DOCUMENT_ERROR_CODES)[number]

/** The only error the document part throws on purpose; errors of the file system (ENOSPC …) pass through as they are. */
export class DocumentError extends DeskError<DocumentErrorCode> {}
