import type { ErrorNotice } from './common.ts'

export interface ArchiveOutcome {
  readonly renewed: number
  /** Still to be done. */
  readonly left: number
  /** What ended the round. */
  readonly fault: ErrorNotice | null
}
