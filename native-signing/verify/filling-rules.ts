import type { PdfDocument } from '../pdf/document.ts'
import { equalObjects } from '../pdf/equality.ts'
import { type FormField, formFields } from '../pdf/form.ts'
import { is, type PdfDictionary, type PdfObject, type PdfReference } from '../pdf/objects.ts'
import { differingKeys, type StepFindings } from './step-findings.ts'

/** What filling a field changes: its value, the choice made, and how that looks (ISO 32000-2 §12.7.4–5). */
const VALUE_KEYS = ['V', 'AS', 'I'] as const
const FILLED_KEYS: ReadonlySet<string> = new Set([...VALUE_KEYS, 'AP', 'M'])
/** A box or radio button goes from one of its pictures to another; all of them were there when it was signed. */
const SWITCHED_KEYS: ReadonlySet<string> = new Set(['V', 'AS', 'M'])
const READ_ONLY = 1
const PUSH_BUTTON = 1 << 16
/** Dictionaries one in the other: /AP, then the states of /N /R /D. */
const APPEARANCE_DEPTH = 2

/**
 * Fields of the form, other than for signatures, that were filled in or filled anew. Only with a value: an appearance that changes by
 * itself would show what the field does not say.
 */
export function judgeFilledFields(findings: StepFindings): void {
  const { older } = findings.step
  for (const field of formFields(older)) {
    if (field.type === 'Sig') continue
    const parts = [...new Map([field.reference, ...field.widgets].map(part => [part.number, part])).values()]
    const looks = parts.flatMap(part => appearancesOf(findings, part))
    const touched = [...parts.map(part => part.number), ...looks.map(look => look.number)]
    if (touched.some(number => findings.step.changed.has(number))) judgeField(findings, field, parts, looks)
  }
}

interface Look {
  readonly number: number
  /** The widget, and the dictionaries on the way from it to the object, as they were signed; none for what did not draw the widget then. */
  readonly holders: readonly number[]
}

/** The objects that draw a widget, before and now: `/AP`, its dictionaries of states, and their streams. */
function appearancesOf(findings: StepFindings, part: PdfReference): readonly Look[] {
  const { older, newer, isShared } = findings.step
  const found = new Map<number, readonly number[]>()
  const gather = (document: PdfDocument, object: PdfObject, holders: readonly number[], depth: number): void => {
    const number = is(object, 'reference') ? object.number : null
    if (number !== null && !found.has(number)) found.set(number, holders)
    const target = number === null ? object : document.object(number)
    if (!is(target, 'dictionary') || depth === APPEARANCE_DEPTH) return
    findings.spend(target.entries.size)
    // a dictionary that is used elsewhere too lends its objects to something else
    const own = number === null ? holders : isShared(number) ? [] : [...holders, number]
    for (const value of target.entries.values()) gather(document, value, document === older ? own : [], depth + 1)
  }
  gather(older, older.dictionary(part)?.entries.get('AP') ?? null, [part.number], 0)
  gather(newer, newer.dictionary(part)?.entries.get('AP') ?? null, [], 0)
  return [...found].map(([number, holders]) => ({ number, holders }))
}

function judgeField(
  findings: StepFindings,
  field: FormField,
  parts: readonly PdfReference[],
  looks: readonly Look[],
): void {
  const { older, newer, changed } = findings.step
  const pairs = parts.map(part => [older.dictionary(part), newer.dictionary(part)] as const)
  const place = findings.placeOf(field.widgets[0])
  for (const part of parts) findings.settle(part.number)
  const drawnAnew = looks.filter(look => changed.has(look.number))
  const isFilling =
    field.type === 'Btn'
      ? drawnAnew.length === 0 && pairs.every(([before, after]) => isSwitching(findings, before, after))
      : (field.type === 'Tx' || field.type === 'Ch') && pairs.every(pair => areOnly(FILLED_KEYS, ...pair))
  if (!isFilling || (field.flags & READ_ONLY) !== 0 || (field.type === 'Btn' && (field.flags & PUSH_BUTTON) !== 0)) {
    findings.note('form-changed', field.name, place)
    return
  }
  const filled = pairs.some(([before, after]) =>
    VALUE_KEYS.some(key => !equalObjects(before?.entries.get(key), after?.entries.get(key))),
  )
  if (!filled) {
    findings.note('form-changed', `${field.name}: appearance`, place)
    return
  }
  for (const { number, holders } of drawnAnew)
    if (findings.explain(number, holders)) findings.explainNew(newer.object(number))
  for (const [, after] of pairs) for (const key of FILLED_KEYS) findings.explainNew(after?.entries.get(key) ?? null)
  if (findings.permissions.mayFill(field.name)) findings.note('form-filled', field.name, place)
  else findings.note('certification-forbids', field.name, place)
}

function areOnly(keys: ReadonlySet<string>, before: PdfDictionary | null, after: PdfDictionary | null): boolean {
  return before !== null && after !== null && differingKeys(before, after).every(key => keys.has(key))
}

/** Whether a button only shows another one of its own pictures. */
function isSwitching({ step }: StepFindings, before: PdfDictionary | null, after: PdfDictionary | null): boolean {
  if (!areOnly(SWITCHED_KEYS, before, after)) return false
  const state = after && step.newer.get(after, 'AS')
  if (equalObjects(before?.entries.get('AS'), after?.entries.get('AS'))) return true
  const appearance = step.older.dictionary(before?.entries.get('AP'))
  const states = step.older.dictionary(appearance?.entries.get('N'))
  return is(state, 'name') && (state.name === 'Off' || states?.entries.has(state.name) === true)
}
