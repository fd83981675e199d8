import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feeOf } from '../../../electron/office/requests/fee.ts'
import { loadOfficeRules } from '../../../electron/office/rules.ts'

const { tariff, refusalGrounds } = loadOfficeRules()
const pages = fc.integer({ min: 1, max: 2000 })

describe('fee (TT 226/2016/TT-BTC)', () => {
  it('is 2,000 đ for the first two pages, 1,000 đ from the third, at most 200,000 đ a copy', () => {
    expect([1, 2, 3, 10, 198, 199, 500].map(each => feeOf(each, 1, tariff))).toEqual([
      2000, 4000, 5000, 12_000, 200_000, 200_000, 200_000,
    ])
  })

  it('caps each copy, not the sum', () => {
    expect(feeOf(500, 3, tariff)).toBe(600_000)
  })

  it('agrees with the formula of the circular for any number of pages and copies', () => {
    fc.assert(
      fc.property(pages, fc.integer({ min: 1, max: 1000 }), (p, copies) => {
        const formula = Math.min(200_000, 2000 * Math.min(p, 2) + 1000 * Math.max(p - 2, 0)) * copies
        expect(feeOf(p, copies, tariff)).toBe(formula)
      }),
    )
  })
})

describe('grounds of refusal (NĐ 23/2015 Đ22)', () => {
  it('are six, each with its text', () => {
    expect([...refusalGrounds.keys()]).toEqual([1, 2, 3, 4, 5, 6])
    for (const text of refusalGrounds.values()) expect(text.length).toBeGreaterThan(20)
  })
})
