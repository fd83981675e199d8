import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DELIVERY_RETRIES, retryDelay } from '../../../electron/portal/backoff.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('no attempt comes at once, none later than the longest wait, and the waits do not shrink', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: DELIVERY_RETRIES.attempts - 1 }), random, (failed, chance) => {
      const delay = retryDelay(failed, chance)
      expect(delay).toBeGreaterThanOrEqual(DELIVERY_RETRIES.firstMilliseconds / 2)
      expect(delay).toBeLessThanOrEqual(DELIVERY_RETRIES.longestMilliseconds)
      expect(retryDelay(failed + 1, chance) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(delay ?? 0)
    }),
  )
})

test('a portal that is down from Friday evening to Monday morning loses nothing', () => {
  let total = 0
  for (let failed = 1; ; failed += 1) {
    const delay = retryDelay(failed, 0)
    if (delay === null) break
    total += delay
  }
  expect(total).toBeGreaterThan(48 * 3_600_000)
})

test('after the last attempt a person must look at it', () => {
  expect(retryDelay(DELIVERY_RETRIES.attempts, 0.5)).toBeNull()
})
