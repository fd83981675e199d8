import { expect, it } from 'vitest'
import { judgeClock, secondsAhead } from '../../../electron/office/audit/clock.ts'

const at = (text: string) => new Date(`${text}+07:00`)
const last = at('2026-11-20T16:30:00')

it.each([
  ['two minutes behind the last event, as a clock is when it is set', '2026-11-20T16:28:00', null, 'right'],
  ['more behind it', '2026-11-20T16:27:59', null, 'went-back'],
  ['on the Monday after', '2026-11-23T07:30:00', null, 'right'],
  ['after a long weekend', '2026-11-24T16:30:00', null, 'right'],
  ['after more than that', '2026-11-24T16:31:00', null, 'ahead'],
  ['five years ahead', '2031-11-20T16:30:00', null, 'ahead'],
  ['after days in which only signatures were stamped', '2026-11-28T08:00:00', '2026-11-25T08:00:00', 'right'],
  ['a little behind the authority', '2026-11-20T16:35:00', '2026-11-20T17:30:00', 'right'],
  ['more than an hour behind it', '2026-11-20T16:35:00', '2026-11-20T17:35:01', 'went-back'],
  ['on the day before its day', '2026-11-20T23:59:00', '2026-11-21T00:05:00', 'went-back'],
] as const)('a clock is judged %s', (_, now, witness, verdict) => {
  expect(judgeClock(at(now), { last, witness: witness ? at(witness) : null, longestGapDays: 4 })).toBe(verdict)
})

it('the waiting for an authority’s answer is no difference of the clocks', () => {
  const [from, to] = [at('2026-11-20T08:00:00'), at('2026-11-20T08:03:00')]
  const ahead = (authority: string) => secondsAhead({ from, to, authority: at(authority) })
  expect(ahead('2026-11-20T08:00:00')).toBe(0)
  expect(ahead('2026-11-20T08:02:59')).toBe(0)
  expect(ahead('2026-11-20T07:50:00')).toBe(600)
  expect(ahead('2026-11-20T08:13:00')).toBe(-600)
})
