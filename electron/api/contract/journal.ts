import { z } from 'zod'
import { type AuditAction, JOURNAL_PARTS, type JournalPart } from '../../office/audit/actions.ts'
import type { HighestNumber, JournalAbout } from '../../office/types.ts'
import { daySchema, idSchema, jobIdSchema, type Time } from './common.ts'

export type { AuditAction, JournalAbout, JournalPart }

/** `personId` null: what the program did by itself. */
export const journalQuerySchema = z.strictObject({
  before: z.int().positive().optional(),
  from: daySchema.optional(),
  to: daySchema.optional(),
  personId: idSchema.nullable().optional(),
  number: z.int().min(1).max(1_000_000).optional(),
  part: z.enum(JOURNAL_PARTS).optional(),
})
export type JournalFilter = Omit<z.infer<typeof journalQuerySchema>, 'before'>

export interface JournalEvent {
  readonly sequence: number
  readonly at: Time
  /** Null: the program itself. */
  readonly personName: string | null
  /** Nobody asked for proof that it was this person. */
  readonly unproven: boolean
  /** Null: none that this program knows. */
  readonly action: AuditAction | null
  /** The action's code as it stands in the journal. */
  readonly code: string
  readonly about: JournalAbout
}

export interface JournalEvents {
  readonly events: readonly JournalEvent[]
  /** There are older ones. */
  readonly more: boolean
}

export interface JournalFinding {
  readonly code: string
  readonly what: string
  readonly todo: string
  readonly copyId: string | null
}

export interface JournalCheck {
  readonly intact: boolean
  readonly checkedAt: Time
  readonly checkedBy: string
  readonly events: number
  readonly head: string
  readonly numbers: readonly HighestNumber[]
  readonly checked: {
    readonly numbers: number
    readonly copies: number
    readonly files: number
    readonly anchors: number
  }
  /** Sequence of the head kept outside that it was compared with. */
  readonly comparedWith: number | null
  readonly findings: readonly JournalFinding[]
}

export interface JournalStateItem {
  readonly events: number
  readonly head: string
  readonly lastAnchor: Time | null
  /** A time-stamp authority is set. */
  readonly canAnchor: boolean
  /** The last check since the program started. */
  readonly check: JournalCheck | null
}

/** `known`: a head that was kept outside; of its hash the first characters are enough. */
export const checkJournalSchema = z.strictObject({
  jobId: jobIdSchema,
  known: z
    .strictObject({ sequence: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{16,64}$/) })
    .nullable()
    .default(null),
})

/** `files`: stored files that were read again. `stopped`: as somebody asked; the last check is still the one before. */
export type CheckNews =
  | { readonly kind: 'files'; readonly done: number; readonly all: number }
  | { readonly kind: 'finished'; readonly check: JournalCheck }
  | { readonly kind: 'stopped' }
