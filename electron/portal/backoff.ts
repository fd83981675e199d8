/** When to try a delivery again. Pure: the random number is handed in. */

export interface RetryPolicy {
  /** Longest wait before the second attempt, milliseconds. */
  readonly firstMilliseconds: number
  readonly factor: number
  readonly longestMilliseconds: number
}

/** Half a minute at first, an hour at most: a hundred attempts outlast a portal's weekend. */
export const DELIVERY_RETRIES: RetryPolicy = { firstMilliseconds: 30_000, factor: 2, longestMilliseconds: 3_600_000 }

/**
 * Wait after a failed attempt, milliseconds. Half of it is fixed and half random, so that the offices of a province do not all come back
 * in the same second, and none comes back at once.
 * @param failed attempts that have failed so far, from 1
 * @param random in [0, 1)
 */
export function retryDelay(failed: number, random: number, policy: RetryPolicy = DELIVERY_RETRIES): number {
  const full = Math.min(policy.longestMilliseconds, policy.firstMilliseconds * policy.factor ** (failed - 1))
  return Math.round(full / 2 + (full / 2) * random)
}
