import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  isWorkday,
  vietnamDay,
  vietnamMoment,
  vietnamTime,
  workdayAfter,
} from '../../../electron/office/calendar.ts'
import { deadlineOf, latestExtension } from '../../../electron/office/requests/deadline.ts'
import { deadlineRule, loadOfficeRules } from '../../../electron/office/rules.ts'
import { officeSettingsSchema } from '../../../electron/office/settings.ts'

const rule = deadlineRule(loadOfficeRules(), officeSettingsSchema.parse({}))
const at = (day: string, time: string): Date => vietnamMoment(day, time)
const moment = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
})

describe('deadline (NĐ 23/2015 Đ7)', () => {
  it('is the same day up to 15:00 sharp, the next working day one second later', () => {
    const noon = deadlineOf(at('2026-11-20', '15:00'), rule)
    expect(noon).toEqual({ dueAt: at('2026-11-20', '17:00'), appointmentNeeded: false })
    const late = deadlineOf(new Date(at('2026-11-20', '15:00').getTime() + 1000), rule)
    expect(late).toEqual({ dueAt: at('2026-11-23', '17:00'), appointmentNeeded: true })
  })

  it('passes over Sundays and over Tết, and works an exchanged Saturday', () => {
    expect(deadlineOf(at('2026-11-22', '09:00'), rule).dueAt).toEqual(at('2026-11-23', '17:00'))
    expect(deadlineOf(at('2026-02-13', '16:00'), rule).dueAt).toEqual(at('2026-02-23', '17:00'))
    expect(deadlineOf(at('2026-08-21', '16:00'), rule).dueAt).toEqual(at('2026-08-22', '17:00'))
  })

  it('counts by Vietnam’s day, not by that of UTC', () => {
    const fridayNight = new Date('2026-11-19T23:30:00Z')
    expect(vietnamDay(fridayNight)).toBe('2026-11-20')
    expect(deadlineOf(fridayNight, rule).dueAt).toEqual(at('2026-11-20', '17:00'))
  })

  it('always falls on a working day, never before receipt’s day, and is never later for an earlier receipt', () => {
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [earlier, later] = one < other ? [one, other] : [other, one]
        const due = deadlineOf(earlier, rule).dueAt
        expect(isWorkday(vietnamDay(due), rule.calendar)).toBe(true)
        expect(vietnamDay(due) >= vietnamDay(earlier)).toBe(true)
        expect(due.getTime()).toBeLessThanOrEqual(deadlineOf(later, rule).dueAt.getTime())
      }),
    )
  })

  it('asks for a written appointment exactly when it is not due on the day of receipt', () => {
    fc.assert(
      fc.property(moment, received => {
        const { dueAt, appointmentNeeded } = deadlineOf(received, rule)
        expect(appointmentNeeded).toBe(vietnamDay(dueAt) !== vietnamDay(received))
      }),
    )
  })

  it('may be extended by two working days without agreement (Đ21)', () => {
    expect(latestExtension(at('2026-11-19', '10:00'), rule)).toEqual(at('2026-11-23', '17:00'))
    fc.assert(
      fc.property(moment, received => {
        const first = vietnamDay(deadlineOf(received, rule).dueAt)
        const last = vietnamDay(latestExtension(received, rule))
        let workdays = 0
        for (let day = first; day < last; ) {
          day = addDays(day, 1)
          if (isWorkday(day, rule.calendar)) workdays += 1
        }
        expect(workdays).toBe(2)
      }),
    )
  })

  it('takes the office’s own days off and exchanged days before the national list', () => {
    const own = deadlineRule(
      loadOfficeRules(),
      officeSettingsSchema.parse({ extraHolidays: ['2026-11-23'], extraWorkdays: ['2026-11-21'] }),
    )
    expect(deadlineOf(at('2026-11-20', '16:00'), own).dueAt).toEqual(at('2026-11-21', '17:00'))
    expect(deadlineOf(at('2026-11-21', '16:00'), own).dueAt).toEqual(at('2026-11-24', '17:00'))
  })
})

describe('Vietnam’s calendar', () => {
  it('turns a day and time into a moment and back', () => {
    fc.assert(
      fc.property(moment, each => {
        const back = vietnamMoment(vietnamDay(each), vietnamTime(each).slice(0, 5))
        expect(each.getTime() - back.getTime()).toBeGreaterThanOrEqual(0)
        expect(each.getTime() - back.getTime()).toBeLessThan(60_000)
      }),
    )
  })

  it('counts working days one by one', () => {
    expect(workdayAfter('2026-11-20', 1, rule.calendar)).toBe('2026-11-23')
    expect(workdayAfter('2026-12-31', 1, rule.calendar)).toBe('2027-01-04')
  })
})
