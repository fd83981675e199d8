import { SigningError } from '../errors.ts'
import type { PdfDocument } from './document.ts'
import { decodeText, is, isName, type PdfDictionary, type PdfObject, type PdfReference } from './objects.ts'

const MAXIMUM_FIELD_DEPTH = 32
const MAXIMUM_FIELDS = 10_000
/** Letters of a field's full name; who has longer ones is up to no good. */
const MAXIMUM_NAME = 1000

/** A terminal field of the form (ISO 32000-1 §12.7.3). */
export interface FormField {
  /** Fully qualified: partial names joined by full stops. */
  readonly name: string
  readonly reference: PdfReference
  readonly dictionary: PdfDictionary
  /** /FT, inherited where the field itself has none. */
  readonly type: string | null
  /** /V as it stands there, inherited likewise. */
  readonly value: PdfObject
  /** /Ff, inherited likewise. */
  readonly flags: number
  /** Its widget annotations; the field itself where the two are one dictionary. */
  readonly widgets: readonly PdfReference[]
}

/** What a field takes over from those above it where it says nothing itself. */
interface Inherited {
  readonly type: PdfObject
  readonly value: PdfObject
  readonly flags: PdfObject
}

/** The interactive form's dictionary, or null. */
export function acroForm(document: PdfDocument): PdfDictionary | null {
  return document.dictionary(document.catalog.entries.get('AcroForm'))
}

/**
 * All terminal fields in the form's order. A field reached twice (a ring, or one shared by two parents) is a fault of the file.
 * @throws SigningError pdf-unreadable
 */
export function formFields(document: PdfDocument): readonly FormField[] {
  const form = acroForm(document)
  const roots = form ? document.get(form, 'Fields') : null
  const fields: FormField[] = []
  if (!is(roots, 'array')) return fields
  const seen = new Set<number>()

  const visit = (object: PdfObject, parentName: string, above: Inherited, depth: number): void => {
    const dictionary = document.dictionary(object)
    if (!is(object, 'reference') || !dictionary) return
    if (seen.has(object.number) || depth > MAXIMUM_FIELD_DEPTH || seen.size > MAXIMUM_FIELDS) {
      throw new SigningError('pdf-unreadable', { reason: 'form fields in a ring', object: object.number })
    }
    seen.add(object.number)
    const partial = document.get(dictionary, 'T')
    const ownName = is(partial, 'string') ? decodeText(partial) : ''
    const name = parentName && ownName ? `${parentName}.${ownName}` : parentName || ownName
    const own: Inherited = {
      type: dictionary.entries.has('FT') ? document.get(dictionary, 'FT') : above.type,
      value: dictionary.entries.get('V') ?? above.value,
      flags: dictionary.entries.has('Ff') ? document.get(dictionary, 'Ff') : above.flags,
    }
    const kids = document.get(dictionary, 'Kids')
    const items = is(kids, 'array') ? kids.items : []
    const subfields = items.filter(kid => document.dictionary(kid)?.entries.has('T'))
    if (subfields.length > 0) {
      for (const kid of items) visit(kid, name, own, depth + 1)
      return
    }
    const widgets = items.length > 0 ? items.filter(kid => is(kid, 'reference')) : [object]
    fields.push({
      name,
      reference: object,
      dictionary,
      type: is(own.type, 'name') ? own.type.name : null,
      value: own.value,
      flags: typeof own.flags === 'number' ? own.flags : 0,
      widgets,
    })
  }

  for (const root of roots.items) visit(root, '', { type: null, value: null, flags: null }, 0)
  return fields
}

/** Signature fields, signed and empty. */
export function signatureFields(document: PdfDocument): readonly FormField[] {
  return formFields(document).filter(field => field.type === 'Sig')
}

/** The modification rules that the signature dictionary `value` sets for what comes after it (ISO 32000-1 §12.8.2). */
export function signatureReferences(
  document: PdfDocument,
  value: PdfObject,
  method: 'DocMDP' | 'FieldMDP',
): readonly PdfDictionary[] {
  const signature = document.dictionary(value)
  const references = signature ? document.get(signature, 'Reference') : null
  if (!is(references, 'array')) return []
  return references.items
    .map(item => document.dictionary(item))
    .filter(item => item !== null)
    .filter(item => isName(document.get(item, 'TransformMethod'), method))
    .map(item => document.dictionary(item.entries.get('TransformParams')))
    .filter(parameters => parameters !== null)
}

/** Level of the certifying signature: 1 nothing, 2 forms and signing, 3 annotations too; null when the document is not certified. */
export function certificationLevel(document: PdfDocument): 1 | 2 | 3 | null {
  const permissions = document.dictionary(document.catalog.entries.get('Perms'))
  const certification = permissions?.entries.get('DocMDP')
  const [parameters] = certification ? signatureReferences(document, certification, 'DocMDP') : []
  if (!parameters) return null
  const level = document.get(parameters, 'P')
  return level === 1 || level === 3 ? level : 2
}

/** Tells whether a signature that is already there locks the field of a name. */
export function fieldLocks(document: PdfDocument): (fieldName: string) => boolean {
  const locks = signatureFields(document)
    .flatMap(field => signatureReferences(document, field.value, 'FieldMDP'))
    .map(parameters => {
      const named = document.get(parameters, 'Fields')
      const names = is(named, 'array') ? named.items.map(item => document.resolve(item)) : []
      return {
        action: document.get(parameters, 'Action'),
        names: new Set(names.filter(item => is(item, 'string')).map(decodeText)),
      }
    })
  return fieldName => {
    if (fieldName.length > MAXIMUM_NAME) return true
    const parts = fieldName.split('.')
    const above = parts.map((_, index) => parts.slice(0, index + 1).join('.'))
    return locks.some(({ action, names }) => {
      const listed = above.some(name => names.has(name))
      return isName(action, 'All') || (isName(action, 'Include') && listed) || (isName(action, 'Exclude') && !listed)
    })
  }
}
