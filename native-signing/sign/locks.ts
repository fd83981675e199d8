import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { equalObjects } from '../pdf/equality.ts'
import { signatureFields } from '../pdf/form.ts'
import { array, dictionary, name, type PdfDictionary, type PdfObject, textString } from '../pdf/objects.ts'
import type { CertificationLevel, FieldLock } from '../types.ts'
import type { FieldPlace } from './field.ts'

/** What the new signature forbids for later. */
export interface Locks {
  /** DocMDP, by a signature that certifies the document. */
  readonly certification: CertificationLevel | null
  /** FieldMDP as a field lock dictionary (ISO 32000-2 table 236): the request's, or the one that waits in the field. */
  readonly lock: PdfDictionary | null
  /** The lock is to be written to the new field; one that waits has its own. */
  readonly lockIsNew: boolean
}

const ACTIONS = { all: 'All', include: 'Include', exclude: 'Exclude' } as const

function lockDictionary(lock: FieldLock): PdfDictionary {
  const fields = lock.kind === 'all' ? {} : { Fields: array(lock.fields.map(field => textString(field))) }
  return dictionary({ Type: name('SigFieldLock'), Action: name(ACTIONS[lock.kind]), ...fields })
}

/**
 * Checks what the new signature is to lock. A field that waits brings its own lock, which nobody may replace.
 * @throws SigningError certification-not-first, field-lock-differs
 */
export function planLocks(
  document: PdfDocument,
  place: FieldPlace,
  wanted: { readonly certification?: CertificationLevel | null; readonly lock?: FieldLock | null },
): Locks {
  const certification = wanted.certification ?? null
  const isFirst = signatureFields(document).every(field => document.resolve(field.value) === null)
  if (certification !== null && !isFirst) throw new SigningError('certification-not-first')
  const own = place.existing && document.dictionary(place.existing.dictionary.entries.get('Lock'))
  const asked = wanted.lock ? lockDictionary(wanted.lock) : null
  if (own && asked && !['Action', 'Fields'].every(key => equalObjects(own.entries.get(key), asked.entries.get(key))))
    throw new SigningError('field-lock-differs', { field: place.existing?.name ?? '' })
  return { certification, lock: own || asked, lockIsNew: !place.existing }
}

function transform(method: string, parameters: Readonly<Record<string, PdfObject>>, data: PdfObject): PdfDictionary {
  return dictionary({
    Type: name('SigRef'),
    TransformMethod: name(method),
    TransformParams: dictionary({ Type: name('TransformParams'), ...parameters, V: name('1.2') }),
    ...(data ? { Data: data } : {}),
  })
}

/** The signature dictionary's /Reference, by which readers know what is locked (ISO 32000-2 §12.8.2). */
export function lockEntries(
  document: PdfDocument,
  { certification, lock }: Locks,
): Readonly<Record<string, PdfObject>> {
  const references: PdfDictionary[] = []
  if (certification !== null) references.push(transform('DocMDP', { P: certification }, null))
  if (lock) {
    const parameters: Record<string, PdfObject> = {}
    // /P of the field's lock goes along, as readers write it and look for it
    for (const key of ['Action', 'Fields', 'P']) {
      const value = document.get(lock, key)
      if (value !== null) parameters[key] = value
    }
    references.push(transform('FieldMDP', parameters, document.catalogReference))
  }
  return references.length > 0 ? { Reference: array(references) } : {}
}
