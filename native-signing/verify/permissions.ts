import type { PdfDocument } from '../pdf/document.ts'
import { certificationLevel, fieldLocks, signatureFields } from '../pdf/form.ts'

/** What signatures that are there already allow to come after them. */
export interface Permissions {
  /** Further signatures may be added. */
  readonly signing: boolean
  readonly comments: boolean
  /** Whether the field of this name may still be filled or signed (FieldMDP). */
  mayFill(fieldName: string): boolean
}

/**
 * The strictest of the certification (DocMDP, ISO 32000-2 §12.8.2.2) and of the locks of signed fields (/Lock with /P, §12.7.5.5). Without
 * either, forms may be filled and signatures added; comments are allowed only where a certification says so.
 */
export function permissionsIn(document: PdfDocument): Permissions {
  const locks = signatureFields(document)
    .filter(field => document.dictionary(field.value) !== null)
    .map(field => document.dictionary(field.dictionary.entries.get('Lock')))
    .map(lock => lock && document.get(lock, 'P'))
    .filter(level => level === 1 || level === 2 || level === 3)
  const certification = certificationLevel(document)
  const level = Math.min(...locks, certification ?? 3)
  const isLocked = fieldLocks(document)
  return {
    signing: level > 1,
    comments: level === 3 && certification === 3,
    mayFill: name => level > 1 && !isLocked(name),
  }
}
