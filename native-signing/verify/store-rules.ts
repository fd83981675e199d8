import { equalObjects } from '../pdf/equality.ts'
import { is, type PdfObject } from '../pdf/objects.ts'
import type { StepFindings } from './step-findings.ts'

/** Entries of the document security store and of its parts for one signature (ETSI EN 319 142-1 §5.4.2.2–3). */
const STORE_KEYS: ReadonlySet<string> = new Set(['Type', 'VRI', 'Certs', 'OCSPs', 'CRLs'])
const STORE_ENTRY_KEYS: ReadonlySet<string> = new Set(['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS'])
const MAXIMUM_STORE_DEPTH = 4

/** The document security store: containers may change at their own place, what they hold must be new (ETSI EN 319 142-1 §5.4.2). */
export function judgeStore(findings: StepFindings): void {
  const { older, newer } = findings.step
  const root = older.catalogReference.number
  judgePart(findings, newer.catalog.entries.get('DSS'), older.catalog.entries.get('DSS'), [root], 0)
}

function judgePart(
  findings: StepFindings,
  after: PdfObject | undefined,
  before: PdfObject | undefined,
  holders: readonly number[],
  depth: number,
): void {
  const { newer, added, changed } = findings.step
  if (depth > MAXIMUM_STORE_DEPTH || after === undefined) {
    if (before !== undefined && depth === 0) findings.note('catalogue-changed', 'DSS')
    return
  }
  const number = is(after, 'reference') ? after.number : null
  const object = newer.resolve(after)
  if (number !== null && added.has(number)) findings.explainNew(after)
  else if (number !== null && changed.has(number) && !is(object, 'stream')) findings.explain(number, holders)
  if (depth === 0 && !equalObjects(after, before)) findings.note('validation-data-added', '')
  else if (number !== null && changed.has(number)) findings.note('validation-data-added', `${number}`)
  const parents = number === null ? holders : [number]
  const old = findings.step.older.resolve(before)
  if (is(object, 'dictionary')) {
    for (const [key, value] of object.entries) {
      const known = depth === 0 ? STORE_KEYS.has(key) : depth === 1 || STORE_ENTRY_KEYS.has(key)
      const oldValue = is(old, 'dictionary') ? old.entries.get(key) : undefined
      if (known) judgePart(findings, value, oldValue, parents, depth + 1)
      else findings.note('catalogue-changed', `DSS ${key}`)
    }
  } else if (is(object, 'array')) for (const item of object.items) if (is(item, 'reference')) findings.explainNew(item)
}
