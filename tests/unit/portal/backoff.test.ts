import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DELIVERY_RETRIES, retryDelay } from '../../../electron/portal/backoff.ts'

test('no attempt comes at once, none later than the longest wait, and the waits do not shrink', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), random, (failed, chance) => {
      const delay = retryDelay(failed, chance)
      expect(delay).toBeGreaterThanOrEqual(DELIVERY_RETRIES.firstMilliseconds / 2)
      expect(delay).toBeLessThanOrEqual(DELIVERY_RETRIES.longestMilliseconds)
      expect(retryDelay(failed + 1, chance)).toBeGreaterThanOrEqual(delay)
    }),
  )
})

test('a hundred attempts outlast a weekend, at the middle of the chances', () => {
  const waits = Array.from({ length: 100 }, (_, index) => retryDelay(index + 1, 0.5))
  expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(64 * 3_600_000)
})
