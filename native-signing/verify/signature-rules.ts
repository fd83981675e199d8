import { type FormField, formFields, signatureFields } from '../pdf/form.ts'
import { is, isName, type PdfArray, type PdfDictionary, type PdfObject, type PdfReference } from '../pdf/objects.ts'
import { additions, differingKeys, type StepFindings } from './step-findings.ts'

/** Keys of a field or widget that would run something, or tie the field to other things. */
const ACTIVE_KEYS = ['A', 'AA', 'MaxLen', 'Opt'] as const
const SIGNED_FIELD_KEYS: ReadonlySet<string> = new Set(['V', 'AP', 'AS', 'F', 'M', 'MK'])

/** The form's own dictionary: fields may be added to it, and only signature fields. */
export function judgeForm(findings: StepFindings): void {
  const { older, newer } = findings.step
  const root = older.catalogReference.number
  const holder = newer.catalog.entries.get('AcroForm')
  const before = older.dictionary(older.catalog.entries.get('AcroForm'))
  const after = newer.dictionary(holder)
  if (!after) {
    if (before) findings.note('form-changed', 'AcroForm')
    return
  }
  const formNumber = is(holder, 'reference') ? holder.number : root
  if (is(holder, 'reference') && findings.isTouched(holder.number)) findings.explain(holder.number, [root])
  if (before) {
    // a reader draws by them what has no picture of its own, as the text of a field
    const drawsNothing = formFields(older).every(({ type }) => type === 'Sig')
    for (const key of differingKeys(before, after)) {
      const addedDefault = (key === 'DR' || key === 'DA') && !before.entries.has(key) && drawsNothing
      if (key !== 'Fields' && key !== 'SigFlags' && !addedDefault) findings.note('form-changed', key)
    }
  }
  for (const key of ['DR', 'DA']) if (!before?.entries.has(key)) findings.explainNew(after.entries.get(key) ?? null)
  const fields = after.entries.get('Fields')
  if (is(fields, 'reference') && findings.isTouched(fields.number)) findings.explain(fields.number, [formNumber, root])
  const items = before ? older.get(before, 'Fields') : null
  judgeFields(findings, is(items, 'array') ? items : null, newer.resolve(fields))
}

/** Old fields stay, in their order; new ones are signature fields. */
function judgeFields(findings: StepFindings, before: PdfArray | null, after: PdfObject): void {
  const fresh = additions(before?.items ?? [], is(after, 'array') ? after.items : [])
  if (!fresh) {
    findings.note('form-changed', 'Fields')
    return
  }
  for (const item of fresh)
    if (!is(item, 'reference') || !isNewSignatureField(findings, item)) findings.note('form-changed', 'Fields')
}

/** A new field with a signature in it; whether that one is in order is found out when it is verified itself. */
function isNewSignatureField(findings: StepFindings, target: PdfReference): boolean {
  const { newer } = findings.step
  const field = findings.newDictionary(target)
  if (!field || !isName(newer.get(field, 'FT'), 'Sig') || !newer.dictionary(field.entries.get('V'))) return false
  if (ACTIVE_KEYS.some(key => field.entries.has(key)) || !findings.explain(target.number, [])) return false
  const kids = newer.get(field, 'Kids')
  const widgets = is(kids, 'array') ? kids.items : [target]
  for (const widget of widgets) if (!is(widget, 'reference') || !isNewWidget(findings, widget, target)) return false
  for (const key of ['V', 'AP', 'MK', 'Lock', 'SV', 'DR'] as const) findings.explainNew(field.entries.get(key) ?? null)
  noteSignature(findings, field, widgets)
  return true
}

function isNewWidget(findings: StepFindings, target: PdfReference, field: PdfReference): boolean {
  const widget = findings.newDictionary(target)
  // one that belongs to another new field already
  if (findings.newWidgets.has(target.number)) return false
  if (!widget || ACTIVE_KEYS.some(key => widget.entries.has(key))) return false
  // a kid with a name or type of its own would be another field
  const ownField = target.number !== field.number && (widget.entries.has('T') || widget.entries.has('FT'))
  if (ownField || !isName(widget.entries.get('Subtype'), 'Widget') || !findings.explain(target.number, [])) return false
  findings.newWidgets.add(target.number)
  findings.explainNew(widget.entries.get('AP') ?? null)
  const page = widget.entries.get('P')
  if (is(page, 'reference')) findings.pages.set(page.number, page)
  return true
}

function noteSignature(findings: StepFindings, field: PdfDictionary, widgets: readonly PdfObject[]): void {
  const { newer } = findings.step
  const value = newer.dictionary(field.entries.get('V'))
  if (!value) return
  const stamp = isName(newer.get(value, 'SubFilter'), 'ETSI.RFC3161')
  const ownWidgets = widgets.filter(widget => is(widget, 'reference'))
  for (const widget of ownWidgets) findings.pictures.push(widget)
  const shown = ownWidgets.find(widget => findings.pictureOf(widget) !== null)
  const place = shown ? findings.placeOf(shown) : { ...findings.placeOf(widgets[0]), rectangle: null }
  findings.note(stamp ? 'timestamp-added' : 'signature-added', '', place)
  // anybody can have a time-stamp made of any file: nobody would answer for what it shows
  if (stamp && shown) findings.note('annotation-changed', 'time-stamp', place)
  if (!stamp && !findings.permissions.signing) findings.note('certification-forbids', 'DocMDP', place)
}

/** Empty signature fields that were waiting and are signed now. */
export function judgeSignedFields(findings: StepFindings): void {
  for (const field of signatureFields(findings.step.older)) {
    const parts = [field.reference, ...field.widgets].filter(part => findings.step.changed.has(part.number))
    if (parts.length > 0) judgeSignedField(findings, field, parts)
  }
}

function judgeSignedField(findings: StepFindings, field: FormField, parts: readonly PdfReference[]): void {
  const { older, newer } = findings.step
  for (const part of parts) findings.settle(part.number)
  const signed = newer.dictionary(field.reference)
  // a field that is drawn anew without being signed shows what nobody signed
  const isSignedNow = older.resolve(field.value) === null && newer.dictionary(signed?.entries.get('V')) !== null
  const onlySigned = parts.every(part => {
    const [before, after] = [older.dictionary(part), newer.dictionary(part)]
    return before && after && differingKeys(before, after).every(key => SIGNED_FIELD_KEYS.has(key))
  })
  if (!signed || !isSignedNow || !onlySigned) {
    findings.note('signature-changed', field.name, findings.placeOf(field.widgets[0]))
    return
  }
  for (const part of parts) {
    const dictionary = newer.dictionary(part)
    for (const key of SIGNED_FIELD_KEYS) findings.explainNew(dictionary?.entries.get(key) ?? null)
  }
  noteSignature(findings, signed, field.widgets)
  if (findings.permissions.signing && !findings.permissions.mayFill(field.name))
    findings.note('certification-forbids', 'FieldMDP', findings.placeOf(field.widgets[0]))
}
