import type { ErrorNotice } from './common.ts'

/** How the office's data is kept in a second place. */
export interface BackupState {
  /** Null: none is set up. */
  readonly place: string | null
  /** The place lies on the same drive as the office's data, and would be lost with it. */
  readonly sameDrive: boolean
  /** When the last whole backup was made, UTC ISO; null: never. */
  readonly lastGood: string | null
  readonly underWay: boolean
  /** Why the last try failed; null after a good one. */
  readonly problem: ErrorNotice | null
  /** The last good one is old, or there is none: everybody is told. Never in a practice office. */
  readonly overdue: boolean
}

/** What reading a whole backup again has found. */
export interface BackupCheck {
  readonly name: string
  readonly madeAt: string
  readonly files: number
  readonly findings: readonly { readonly kind: BackupFindingKind; readonly subject: string }[]
}

export type BackupFindingKind =
  | 'list-changed'
  | 'file-missing'
  | 'file-changed'
  | 'blob-missing'
  | 'blob-changed'
  | 'blob-lost-before'
  | 'database-damaged'
  | 'head-differs'
  | 'register-untrue'
