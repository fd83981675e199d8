import { findStartOffset } from '../pdf/cross-reference.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { type Change, change } from './change.ts'
import { judgeCovering } from './covering-rules.ts'
import { judgeFilledFields } from './filling-rules.ts'
import { judgePages } from './page-rules.ts'
import { type RevisionStep, revisionStep } from './revision-step.ts'
import { judgeForm, judgeSignedFields } from './signature-rules.ts'
import { StepFindings } from './step-findings.ts'
import { judgeStore } from './store-rules.ts'
import { judgeCatalogue, judgeTrailer, judgeUnexplained } from './structure-rules.ts'
import { hasUnlistedObject } from './unlisted-objects.ts'

/** Objects that are looked at before giving up: each update costs a pass over all of them. Enough for 50 updates of 5,000 pages. */
const OBJECT_BUDGET = 800_000
/** Bytes of updates that are searched before the last search is begun: each signature has what came after it searched. */
const MAXIMUM_SEARCHED = 1024 * 1024 * 1024
/** Blank bytes behind the last signature that are let pass. */
const MAXIMUM_TAIL = 4096

/** The updates of a file. Each is judged once, however many signatures stand before it. */
export class RevisionHistory {
  readonly #current: PdfDocument
  readonly #steps = new Map<number, readonly Change[]>()
  #budget = OBJECT_BUDGET
  #searched = 0

  constructor(current: PdfDocument) {
    this.#current = current
  }

  /**
   * What happened to the document after the revision that a signature covers, update by update. Reject by default: a changed object that
   * no rule explains is a forbidden change.
   * @param signed the file cut at the signature's end
   * @throws SigningError pdf-unreadable
   */
  changesSince(signed: PdfDocument): readonly Change[] {
    const signedOffset = signed.sections[0]?.offset
    const { sections, source } = this.#current
    const newer = sections.findIndex(section => section.offset === signedOffset)
    if (newer < 0) return [change('update-not-incremental', 'sections')]
    const changes = Array.from({ length: newer }, (_, count) => this.#step(newer - 1 - count)).flat()
    const end = signed.source.length
    const isPermitted = changes.every(({ permitted }) => permitted)
    if (newer > 0 && isPermitted && this.#hasUnlistedObject(newer, end))
      changes.push(change('update-not-incremental', 'object that no section lists'))
    if (end < source.length && !this.#endsProperly(newer === 0 ? end : null)) {
      changes.push(change('bytes-appended', 'end of file'))
    }
    return changes
  }

  /** Behind the last update, or behind `end` where there is none, may stand blanks and nothing else. */
  #endsProperly(end: number | null): boolean {
    const { source } = this.#current
    const start = end ?? findStartOffset(source).keyword
    const tail = source.read(start, Math.min(source.length, start + MAXIMUM_TAIL))
    if (tail.length === MAXIMUM_TAIL) return false
    const text = Buffer.from(tail).toString('latin1')
    return end === null ? /^startxref\s+\d+\s+%%EOF\s*$/.test(text) : /^\s*$/.test(text)
  }

  #hasUnlistedObject(newer: number, end: number): boolean {
    if (this.#searched > MAXIMUM_SEARCHED) return true
    const { sections, source } = this.#current
    this.#searched += source.length - end
    return hasUnlistedObject(this.#current, sections.slice(0, newer), end)
  }

  #step(index: number): readonly Change[] {
    const known = this.#steps.get(index)
    if (known) return known
    this.#budget -= this.#current.size
    if (this.#budget < 0) return [change('update-not-incremental', 'too many updates')]
    const changes = judgeStep(revisionStep(this.#current.before(index + 1), this.#current.before(index)))
    this.#steps.set(index, changes)
    return changes
  }
}

/** What one update did. Each rule explains the objects that it understands; whatever is left is a forbidden change. */
function judgeStep(step: RevisionStep): readonly Change[] {
  const findings = new StepFindings(step)
  judgeTrailer(findings)
  if (judgeCatalogue(findings)) {
    judgeForm(findings)
    judgeStore(findings)
  }
  judgeSignedFields(findings)
  judgeFilledFields(findings)
  judgePages(findings)
  judgeCovering(findings)
  judgeUnexplained(findings)
  return findings.changes
}
