/** The day in Vietnam's calendar (UTC+7, no summer time), `yyyy-mm-dd`. */
export function vietnamDay(time: Date): string {
  return new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)
}
