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
  const [before, after] = [older, newer].map(({ catalog }) => catalog.entries.get('DSS'))
  if (after === undefined) {
    if (before !== undefined) findings.note('catalogue-changed', 'DSS')
    return
  }
  if (!equalObjects(before, after)) findings.note('validation-data-added', '')
  judgePart(findings, after, [older.catalogReference.number], 0)
}

function judgePart(findings: StepFindings, part: PdfObject, holders: readonly number[], depth: number): void {
  if (depth > MAXIMUM_STORE_DEPTH) return
  const { newer, added, changed, isShared } = findings.step
  const number = is(part, 'reference') ? part.number : null
  const object = newer.resolve(part)
  if (number !== null && added.has(number)) findings.explainNew(part)
  else if (number !== null && changed.has(number)) {
    if (!is(object, 'stream')) findings.explain(number, holders)
    findings.note('validation-data-added', `${number}`)
  }
  // a container that is used elsewhere too lends what it holds to something else
  const parents = number === null ? holders : isShared(number) ? [] : [number]
  if (is(object, 'dictionary')) {
    findings.spend(object.entries.size)
    for (const [key, value] of object.entries) {
      const known = depth === 0 ? STORE_KEYS.has(key) : depth === 1 || STORE_ENTRY_KEYS.has(key)
      if (known) judgePart(findings, value, parents, depth + 1)
      else findings.note('catalogue-changed', `DSS ${key}`)
    }
  } else if (is(object, 'array')) {
    findings.spend(object.items.length)
    for (const item of object.items) if (is(item, 'reference')) findings.explainNew(item)
  }
}
