export { DOCUMENT_ERROR_CODES, DocumentError, type DocumentErrorCode } from './errors.ts'
export { type ImportedPage, type ImportOptions, importPdf, readImage } from './import.ts'
export type * from './types.ts'
