import { isWorkday, vietnamDay, vietnamMoment, vietnamTime, type WorkCalendar, workdayAfter } from '../calendar.ts'

/** What the deadline depends on: data and settings, never the clock. */
export interface DeadlineRule {
  /** "15:00": received later than this counts for the next working day (NĐ 23/2015 Đ7). */
  readonly cutOff: string
  /** The hour at which the deadline falls. */
  readonly workdayEnds: string
  readonly maximumExtensionWorkdays: number
  readonly calendar: WorkCalendar
}

export interface Deadline {
  readonly dueAt: Date
  /** Not due on the day of receipt, so hour and day are owed in writing (TT 01/2020 Đ2). */
  readonly appointmentNeeded: boolean
}

/**
 * "Ngay trong ngày tiếp nhận … hoặc trong ngày làm việc tiếp theo, nếu tiếp nhận yêu cầu sau 15 giờ" (NĐ 23/2015 Đ7). Received at 15:00:00
 * sharp is not after 15:00. What comes in on a day off counts as received on none: it is due on the next working day.
 */
export function deadlineOf(receivedAt: Date, rule: DeadlineRule): Deadline {
  const day = vietnamDay(receivedAt)
  const sameDay = isWorkday(day, rule.calendar) && vietnamTime(receivedAt) <= `${rule.cutOff}:00`
  const dueDay = sameDay ? day : workdayAfter(day, 1, rule.calendar)
  return { dueAt: vietnamMoment(dueDay, rule.workdayEnds), appointmentNeeded: !sameDay }
}

/** The latest deadline that the office may set on its own: two working days more (NĐ 23/2015 Đ21); beyond it the requester agrees in writing. */
export function latestExtension(receivedAt: Date, rule: DeadlineRule): Date {
  const dueDay = vietnamDay(deadlineOf(receivedAt, rule).dueAt)
  return vietnamMoment(workdayAfter(dueDay, rule.maximumExtensionWorkdays, rule.calendar), rule.workdayEnds)
}
