import type { AuditVerdict, KnownHead } from '../office/types.ts'

export interface JournalCheckKept {
  readonly verdict: AuditVerdict
  readonly checkedAt: Date
  readonly personId: string
  /** The head that it was compared with. */
  readonly known: KnownHead | null
}

/**
 * What the last check of each office's register found, since the program started. Kept nowhere else: a verdict that lies beside what it judges
 * could be written by whoever changed that.
 */
export class JournalChecks {
  readonly #last = new Map<string, JournalCheckKept>()

  keep(officeId: string, check: JournalCheckKept): void {
    this.#last.set(officeId, check)
  }

  last(officeId: string): JournalCheckKept | null {
    return this.#last.get(officeId) ?? null
  }
}
