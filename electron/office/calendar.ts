/** Vietnam's calendar: UTC+7 all year, no summer time since 1975. A day is `yyyy-mm-dd`, a time of day `hh:mm`. */

const OFFSET_MS = 7 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** The day in Vietnam at this moment. */
export function vietnamDay(moment: Date): string {
  return new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}

/** The time of day in Vietnam at this moment, to the second: `hh:mm:ss`. */
export function vietnamTime(moment: Date): string {
  return new Date(moment.getTime() + OFFSET_MS).toISOString().slice(11, 19)
}

export function vietnamYear(moment: Date): number {
  return Number(vietnamDay(moment).slice(0, 4))
}

/** The moment at which it is `time` on `day` in Vietnam. */
export function vietnamMoment(day: string, time: string): Date {
  return new Date(Date.parse(`${day}T${time}:00Z`) - OFFSET_MS)
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Which days the office works. */
export interface WorkCalendar {
  /** `mm-dd` of holidays that never move. */
  readonly everyYear: ReadonlySet<string>
  readonly holidays: ReadonlySet<string>
  /** Saturdays and Sundays worked in exchange; also wins over a holiday. */
  readonly workdays: ReadonlySet<string>
}

export function isWorkday(day: string, calendar: WorkCalendar): boolean {
  if (calendar.workdays.has(day)) return true
  if (calendar.holidays.has(day) || calendar.everyYear.has(day.slice(5))) return false
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** The `count`-th working day after `day`. */
export function workdayAfter(day: string, count: number, calendar: WorkCalendar): string {
  let current = day
  for (let left = count; left > 0; ) {
    current = addDays(current, 1)
    if (isWorkday(current, calendar)) left -= 1
  }
  return current
}
