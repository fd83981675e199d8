/** When to try a delivery again. Pure: the random number is handed in. */

export interface RetryPolicy {
  /** Longest wait before the second attempt, milliseconds. */
  readonly firstMilliseconds: number
  readonly factor: number
  readonly longestMilliseconds: number
  /** Attempts in all, after which a person must look at it. */
  readonly attempts: number
}

/** Half a minute at first, half an hour at most: some three days in all, so a portal that is down over a weekend loses nothing. */
export const DELIVERY_RETRIES: RetryPolicy = {
  firstMilliseconds: 30_000,
  factor: 2,
  longestMilliseconds: 1_800_000,
  attempts: 200,
}

/**
 * Wait after a failed attempt, milliseconds; null when no attempt is left. Half of it is fixed and half random, so that the offices of a
 * province do not all come back in the same second, and none comes back at once.
 * @param failed attempts that have failed so far, from 1
 * @param random in [0, 1)
 */
export function retryDelay(failed: number, random: number, policy: RetryPolicy = DELIVERY_RETRIES): number | null {
  if (failed >= policy.attempts) return null
  const full = Math.min(policy.longestMilliseconds, policy.firstMilliseconds * policy.factor ** (failed - 1))
  return Math.round(full / 2 + (full / 2) * random)
}
