import type { ErrorNotice } from './common.ts'

/** A copy that could not be archived and is as it was. */
export interface ArchiveFault {
  readonly copyId: string
  readonly title: string
  readonly number: string | null
  readonly error: ErrorNotice
}

export interface ArchiveOutcome {
  readonly renewed: number
  /** Still to be done. */
  readonly left: number
  readonly faults: readonly ArchiveFault[]
}
