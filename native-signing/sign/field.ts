import { SigningError } from '../errors.ts'
import { archivalPart } from '../pdf/archival.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { acroForm, type FormField, formFields } from '../pdf/form.ts'
import {
  array,
  dictionary,
  is,
  name,
  type PdfDictionary,
  type PdfObject,
  type PdfReference,
  textString,
  withEntries,
} from '../pdf/objects.ts'
import { findPage, type PdfPage, pageAt, toRectangle } from '../pdf/page-tree.ts'
import type { IncrementalUpdate } from '../pdf/update.ts'
import type { Appearance, Rectangle } from '../types.ts'
import { permissionsIn } from '../verify/permissions.ts'
import { addEmptyAppearance } from './appearance.ts'
import { isInside } from './placement.ts'

/** Print and Locked (ISO 32000-1 §12.5.3): shown on paper too, and not to be moved. */
const WIDGET_FLAGS = 4 | 128
/** SignaturesExist and AppendOnly (ISO 32000-1 §12.7.2). */
const SIGNATURE_FLAGS = 3

/** Where the signature will stand: in a new field, or in an empty one that waits in the file. */
export interface FieldPlace {
  readonly existing: FormField | null
  readonly page: PdfPage
  /** Default user space; all zero for an invisible signature. */
  readonly rectangle: Rectangle
}

/** The handler that every reader knows, and the form of a PAdES signature (ISO 32000-2 §12.8.1, EN 319 142-1 §5.3). */
export const FILTER = 'Adobe.PPKLite'
export const SUB_FILTER = 'ETSI.CAdES.detached'

const INVISIBLE: Rectangle = { x: 0, y: 0, width: 0, height: 0 }

/**
 * Checks, before anything is written or any token touched, that the signature may be made and where it goes. An empty field that
 * waits in the file keeps its own page and rectangle.
 * @throws SigningError pdf-changes-forbidden, pdf-changes-not-permitted, field-locked, field-already-signed, field-not-found, page-not-found, rectangle-outside-page
 */
export function planField(document: PdfDocument, fieldName: string, appearance: Appearance | null): FieldPlace {
  const permissions = permissionsIn(document)
  if (!permissions.signing) throw new SigningError('pdf-changes-forbidden')
  if (!permissions.mayFill(fieldName)) throw new SigningError('field-locked', { field: fieldName })
  const existing = formFields(document).find(field => field.name === fieldName) ?? null
  const { encryption } = document
  if (encryption && !(existing ? encryption.permitsFilling : encryption.permitsNewFields))
    throw new SigningError('pdf-changes-not-permitted')
  if (existing) {
    if (existing.type !== 'Sig') throw new SigningError('field-not-found', { field: fieldName })
    if (document.resolve(existing.value) !== null) throw new SigningError('field-already-signed', { field: fieldName })
    return placeOfExisting(document, existing)
  }
  // a full stop parts the names of a field and its parent, so none of ours may have one (ISO 32000-2 §12.7.4.2)
  if (fieldName === '' || fieldName.includes('.')) throw new SigningError('field-not-found', { field: fieldName })
  const page = findPage(document, appearance?.page ?? 1)
  if (appearance && !isInside(appearance.rectangle, page.box))
    throw new SigningError('rectangle-outside-page', { page: appearance.page })
  return { existing: null, page, rectangle: appearance?.rectangle ?? INVISIBLE }
}

/** A widget need not name its page; then only the page's rotation is unknown. */
function placeOfExisting(document: PdfDocument, existing: FormField): FieldPlace {
  const widget = document.dictionary(existing.widgets[0])
  const owner = widget?.entries.get('P')
  const page = (is(owner, 'reference') && pageAt(document, owner)) || findPage(document, 1)
  return { existing, page, rectangle: (widget && toRectangle(document, widget.entries.get('Rect'))) ?? INVISIBLE }
}

/** Writes the field with the signature as its value, its widget on the page and the form entries it needs. */
export function addField(
  document: PdfDocument,
  update: IncrementalUpdate,
  place: FieldPlace,
  fieldName: string,
  signature: PdfReference,
  appearance: PdfReference | null,
  lock: PdfDictionary | null = null,
): void {
  const [widget] = place.existing?.widgets ?? []
  const normal = appearanceEntries(document, update, widget, appearance)
  if (place.existing) {
    update.amend(place.existing.reference, { V: signature })
    if (widget) update.amend(widget, { ...normal, F: WIDGET_FLAGS })
    registerField(document, update, null)
    return
  }
  const { x, y, width, height } = place.rectangle
  const field = update.add(
    dictionary({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(fieldName),
      V: signature,
      P: place.page.reference,
      Rect: array([x, y, x + width, y + height]),
      F: WIDGET_FLAGS,
      ...(lock ? { Lock: update.add(lock) } : {}),
      ...normal,
    }),
  )
  appendToArray(document, update, place.page.reference, 'Annots', field)
  registerField(document, update, field)
}

/** What the widget shows. PDF/A-1 wants an appearance of fields that show nothing too (ISO 19005-1 §6.9). */
function appearanceEntries(
  document: PdfDocument,
  update: IncrementalUpdate,
  widget: PdfReference | undefined,
  appearance: PdfReference | null,
): Readonly<Record<string, PdfObject>> {
  if (appearance) return { AP: dictionary({ N: appearance }) }
  const hasOne = widget && document.dictionary(widget)?.entries.has('AP')
  return hasOne || archivalPart(document) !== 1 ? {} : { AP: dictionary({ N: addEmptyAppearance(update) }) }
}

/** Sees to it that the catalogue has a form, that the form has the new field and that its flags tell of signatures. */
function registerField(document: PdfDocument, update: IncrementalUpdate, field: PdfReference | null): void {
  const form = acroForm(document)
  const holder = document.catalog.entries.get('AcroForm')
  if (!form) {
    const created = update.add(dictionary({ Fields: array(field ? [field] : []), SigFlags: SIGNATURE_FLAGS }))
    update.amend(document.catalogReference, { AcroForm: created })
    return
  }
  const flags = document.get(form, 'SigFlags')
  const fields = form.entries.get('Fields')
  const changes: Record<string, PdfObject> = {}
  if (typeof flags !== 'number' || (flags & SIGNATURE_FLAGS) !== SIGNATURE_FLAGS) {
    changes['SigFlags'] = (typeof flags === 'number' ? flags : 0) | SIGNATURE_FLAGS
  }
  if (field) {
    const extended = array([...itemsOf(document, fields), field])
    if (is(fields, 'reference')) update.set(fields, extended)
    else changes['Fields'] = extended
  }
  if (Object.keys(changes).length === 0) return
  if (is(holder, 'reference')) update.set(holder, withEntries(form, changes))
  else update.amend(document.catalogReference, { AcroForm: withEntries(form, changes) })
}

function itemsOf(document: PdfDocument, object: PdfObject | undefined): readonly PdfObject[] {
  const value = document.resolve(object)
  return is(value, 'array') ? value.items : []
}

/** Adds to an array that may be missing, inline or an object of its own. */
function appendToArray(
  document: PdfDocument,
  update: IncrementalUpdate,
  owner: PdfReference,
  key: string,
  item: PdfReference,
): void {
  const holder = document.dictionary(owner)?.entries.get(key)
  const extended = array([...itemsOf(document, holder), item])
  const target = is(holder, 'reference') ? lastReference(document, holder) : null
  if (target) update.set(target, extended)
  else update.amend(owner, { [key]: extended })
}

/** The reference whose object is the array itself, where one reference leads to another. */
function lastReference(document: PdfDocument, start: PdfReference): PdfReference | null {
  let current = start
  for (let steps = 0; steps < 32; steps++) {
    const next = document.object(current.number)
    if (!is(next, 'reference')) return is(next, 'array') ? current : null
    current = next
  }
  return null
}

/** The signature dictionary's own entries that do not depend on the bytes (ISO 32000-1 §12.8.1). */
export function signatureDictionary(entries: Readonly<Record<string, PdfObject>>): PdfDictionary {
  return dictionary({
    Type: name('Sig'),
    Filter: name(FILTER),
    SubFilter: name(SUB_FILTER),
    ...entries,
  })
}
