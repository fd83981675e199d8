import { equalObjects } from '../pdf/equality.ts'
import { type FormField, formFields } from '../pdf/form.ts'
import { forEachReference, is, type PdfDictionary, type PdfReference } from '../pdf/objects.ts'
import { differingKeys, type StepFindings } from './step-findings.ts'

/** What filling a field changes: its value, the choice made, and how that looks (ISO 32000-2 §12.7.4–5). */
const VALUE_KEYS = ['V', 'AS', 'I'] as const
const FILLED_KEYS: ReadonlySet<string> = new Set([...VALUE_KEYS, 'AP', 'M'])
const READ_ONLY = 1

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
  readonly holders: readonly number[]
}

/** The objects that draw a widget, before and now: `/AP`, its dictionaries of states, and their streams. */
function appearancesOf({ step }: StepFindings, part: PdfReference): readonly Look[] {
  const found: Look[] = []
  for (const document of [step.older, step.newer]) {
    const first = document.dictionary(part)?.entries.get('AP') ?? null
    let holders: readonly number[] = [part.number]
    // /AP, then /N /R /D, then states
    for (let level = [first]; level.length > 0 && holders.length <= 4; ) {
      const numbers: number[] = []
      for (const object of level) forEachReference(object, ({ number }) => numbers.push(number))
      for (const number of numbers) found.push({ number, holders })
      holders = [...holders, ...numbers].slice(0, 5)
      level = numbers.map(number => document.object(number)).filter(object => is(object, 'dictionary'))
    }
  }
  return found
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
  if (!pairs.every(([before, after]) => isFilling(before, after)) || isReadOnly(findings, field)) {
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
  for (const { number, holders } of looks) {
    if (changed.has(number) && findings.explain(number, holders)) findings.explainNew(newer.object(number))
  }
  for (const [, after] of pairs) for (const key of FILLED_KEYS) findings.explainNew(after?.entries.get(key) ?? null)
  if (findings.permissions.mayFill(field.name)) findings.note('form-filled', field.name, place)
  else findings.note('certification-forbids', field.name, place)
}

function isFilling(before: PdfDictionary | null, after: PdfDictionary | null): boolean {
  return before !== null && after !== null && differingKeys(before, after).every(key => FILLED_KEYS.has(key))
}

function isReadOnly({ step }: StepFindings, field: FormField): boolean {
  const flags = step.older.get(field.dictionary, 'Ff')
  return typeof flags === 'number' && (flags & READ_ONLY) !== 0
}
