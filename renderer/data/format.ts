const ZONE = 'Asia/Ho_Chi_Minh'
const locales: Readonly<Record<string, string>> = { vi: 'vi-VN', en: 'en-GB' }

/** One formatter per language, kept: making one costs more than a hundred uses, and lists need several per row. */
function formatter(options: Intl.DateTimeFormatOptions): (language: string) => Intl.DateTimeFormat {
  const made = new Map<string, Intl.DateTimeFormat>()
  return language => {
    const locale = locales[language] ?? 'vi-VN'
    const kept = made.get(locale) ?? new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options })
    made.set(locale, kept)
    return kept
  }
}
const clockFormat = formatter({ hour: '2-digit', minute: '2-digit', hour12: false })
const dayFormat = formatter({ day: '2-digit', month: '2-digit', year: 'numeric' })
const longDayFormat = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const isoFormat = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE })

/** "16:30" in Vietnam. */
export const clockTime = (time: string | Date, language: string): string => clockFormat(language).format(new Date(time))

/** "22/11/2026" in Vietnam. */
export const day = (time: string | Date, language: string): string => dayFormat(language).format(new Date(time))

/** "16:30 22/11/2026". */
export const dayAndTime = (time: string | Date, language: string): string =>
  `${clockTime(time, language)} ${day(time, language)}`

/** "chủ nhật, 22 tháng 11, 2026". */
export const longDay = (time: Date, language: string): string => longDayFormat(language).format(time)

/** Parts of a day as official papers write it: a zero before days below 10 and months below 3 (NĐ 30/2020, Phụ lục I). */
export function officialDay(time: Date): { readonly day: string; readonly month: string; readonly year: string } {
  const [year = '', month = '', day = ''] = isoDay(time).split('-')
  return { day, month: Number(month) < 3 ? month : String(Number(month)), year }
}

/** The day in Vietnam, `yyyy-mm-dd`. */
export const isoDay = (time: Date): string => isoFormat.format(time)

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
