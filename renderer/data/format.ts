const ZONE = 'Asia/Ho_Chi_Minh'
const locales: Readonly<Record<string, string>> = { vi: 'vi-VN', en: 'en-GB' }

const formatter = (language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locales[language] ?? 'vi-VN', { timeZone: ZONE, ...options })

/** "16:30" in Vietnam. */
export const clockTime = (time: string | Date, language: string): string =>
  formatter(language, { hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(time))

/** "22/11/2026" in Vietnam. */
export const day = (time: string | Date, language: string): string =>
  formatter(language, { day: '2-digit', month: '2-digit', year: 'numeric' }).format(new Date(time))

/** "16:30 22/11/2026". */
export const dayAndTime = (time: string | Date, language: string): string =>
  `${clockTime(time, language)} ${day(time, language)}`

/** "chủ nhật, 22 tháng 11, 2026". */
export const longDay = (time: Date, language: string): string =>
  formatter(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(time)

/** Parts of a day as official papers write it: a zero before days below 10 and months below 3 (NĐ 30/2020, Phụ lục I). */
export function officialDay(time: Date): { readonly day: string; readonly month: string; readonly year: string } {
  const [year = '', month = '', day = ''] = isoDay(time).split('-')
  return { day, month: Number(month) < 3 ? month : String(Number(month)), year }
}

/** The day in Vietnam, `yyyy-mm-dd`. */
export const isoDay = (time: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(time)

/** "12.000 ₫". */
export const money = (dong: number, language: string): string =>
  new Intl.NumberFormat(locales[language] ?? 'vi-VN', { style: 'currency', currency: 'VND' }).format(dong)

const MINUTE = 60_000

export interface Deadline {
  readonly tone: 'late' | 'soon' | 'calm'
  /** Whole minutes left; negative when past. */
  readonly minutes: number
  readonly today: boolean
}

/** How near a deadline is: two hours before it is time to hurry. */
export function deadline(dueAt: string, now: Date): Deadline {
  const left = new Date(dueAt).getTime() - now.getTime()
  return {
    tone: left < 0 ? 'late' : left <= 120 * MINUTE ? 'soon' : 'calm',
    minutes: Math.trunc(left / MINUTE),
    today: isoDay(new Date(dueAt)) === isoDay(now),
  }
}

/** Text as searched: without accents and case, "đ" as "d", so that "nguyen dinh" finds "Nguyễn Đình". */
export const searchable = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u0110\u0111]/g, 'd')
    .toLowerCase()
