import { expect, test } from 'vitest'
import { findingExplainer } from '../../../electron/finding-words.ts'

test('a finding’s times and days are written as people in Vietnam write them', () => {
  const explain = findingExplainer('vi')
  const clock = { sequence: 7, here: '2026-11-22T01:02:03.000Z', there: '2026-11-22T03:02:03.000Z' }
  const { what } = explain({ code: 'audit-clock-differs', parameters: clock })
  expect(what).toContain('08:02:03 22/11/26')
  expect(what).toContain('10:02:03 22/11/26')
  const day = { kind: 'number', row: '02 (01/2026-SCT/BS)', field: 'day', here: '2026-01-05', there: '2026-11-22' }
  expect(explain({ code: 'audit-row-differs', parameters: day }).what).toMatch(/«05\/01\/2026».*«22\/11\/2026»/)
})
