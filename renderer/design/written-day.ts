/** "2026-11-22" as it is written: "22/11/2026". */
export const writtenDay = (day: string): string => day.split('-').reverse().join('/')

/** Reads "22/11/2026", "2-1-2026" or "02.01.2026" as `yyyy-mm-dd`; null for what is no day of the calendar. */
export function parseDay(text: string): string | null {
  const [, day, month, year] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text) ?? []
  if (day === undefined || month === undefined || year === undefined) return null
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null
}
