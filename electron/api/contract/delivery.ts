import { z } from 'zod'
import { type ErrorNotice, idSchema, jobIdSchema, type Time } from './common.ts'
import type { CopyItem } from './copies.ts'

/** A sealed copy on its way, or arrived; or a cancelled one whose receiver is told of that. */
export interface DeliveryItem {
  readonly copy: CopyItem
  /**
   * `sending`, `telling`: the program goes on by itself. `needs-person`: read `error`, mend, then `delivery.retry`; `telling-needs-person`: the
   * same, or `delivery.toldByHand`. `delivered`, `told`: done.
   */
  readonly state: 'sending' | 'needs-person' | 'delivered' | 'telling' | 'telling-needs-person' | 'told'
  readonly error: ErrorNotice | null
}

/** One request to the portal and its answer. */
export interface EvidenceItem {
  readonly step: string
  readonly method: string
  readonly address: string
  readonly sentAt: Time
  readonly milliseconds: number
  readonly status: number | null
  /** Bodies as they went over the line; the citizen's data stand in them, secrets and file bytes do not. */
  readonly request: string | null
  readonly answer: string | null
  /** Why no answer came. */
  readonly error: ErrorNotice | null
}

export type DeliveryNews =
  | {
      readonly kind: 'copy'
      readonly copyId: string
      readonly result: 'delivered' | 'told' | 'nothing-to-tell' | 'dropped' | 'later' | 'needs-person'
      readonly receipt: string | null
      readonly error: ErrorNotice | null
    }
  | { readonly kind: 'finished'; readonly delivered: number; readonly told: number; readonly waiting: number }

export const deliverSchema = z.strictObject({ jobId: jobIdSchema, copyId: idSchema.optional() })
