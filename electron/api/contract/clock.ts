import { z } from 'zod'
import type { Time } from './common.ts'

/** The PC's clock, held against what the office has seen of the time. */
export interface ClockItem {
  readonly now: Time
  /** Not right: nothing is written until somebody confirms the clock (`ahead`: whoever works; `went-back`: the administrator), or sets it. */
  readonly verdict: 'right' | 'went-back' | 'ahead'
  /** Newest time that the office has seen: of its last event, or of a time-stamp. */
  readonly last: Time
  /** By how much it was ahead of the time-stamp service's at the last signature (behind: negative); 0 where that is not worth a word. */
  readonly aheadSeconds: number
}

/** `reason` is needed where the clock goes back. */
export const acceptClockSchema = z.strictObject({ reason: z.string().max(1000).nullable() })
