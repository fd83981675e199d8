/** One number of the register SCT/BS, in the order of the form's columns. */
export interface RegisterRow {
  /** As written: "01", "127". */
  readonly number: string
  /** Book it stands in: "01/2026-SCT/BS". */
  readonly book: string
  /** `yyyy-mm-dd` */
  readonly date: string
  readonly requesterName: string
  readonly title: string
  /** Name and title of who certified. */
  readonly signer: string
  readonly copyCount: number
  /** Đồng. */
  readonly fee: number
  /** For a void number its reason, for a cancelled copy its decision. */
  readonly note: string
  readonly state: 'pending' | 'certified' | 'cancelled' | 'void'
}

/** What is printed monthly, or at the year's end (NĐ 23/2015 Điều 13 khoản 1, 3). Plain data. */
export interface RegisterPrint {
  readonly officeName: string
  readonly books: readonly { readonly label: string; readonly openedAt: Date; readonly closedAt: Date | null }[]
  /** First and last day, `yyyy-mm-dd` in Vietnam's calendar. */
  readonly from: string
  readonly to: string
  readonly rows: readonly RegisterRow[]
  /** End of the office's audit chain; once on stamped paper, nobody can rewrite what came before. */
  readonly audit?: { readonly sequence: number; readonly hash: string }
  /** UTC; the only time of printing that goes into the files. */
  readonly printedAt: Date
}

export interface RegisterTotals {
  readonly numbers: number
  readonly voids: number
  readonly copies: number
  readonly fee: number
}

/** The closing count. Void numbers count as numbers, not as copies; a cancelled copy was certified and stays counted. */
export function registerTotals(rows: readonly RegisterRow[]): RegisterTotals {
  const valid = rows.filter(row => row.state !== 'void')
  return {
    numbers: rows.length,
    voids: rows.length - valid.length,
    copies: valid.reduce((sum, row) => sum + row.copyCount, 0),
    fee: valid.reduce((sum, row) => sum + row.fee, 0),
  }
}

/** `2026-11-05` as `05/11/2026`. */
export function writtenDay(day: string): string {
  return day.split('-').reverse().join('/')
}

/** Đồng with points between thousands: `12.000`. */
export function writtenAmount(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, '.')
}

/** The day in Vietnam (UTC+7, no summer time) at `time`, `yyyy-mm-dd`. */
export function vietnamDay(time: Date): string {
  return new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)
}

/** Columns of the form, in order. */
export const REGISTER_COLUMNS = ['number', 'date', 'requester', 'title', 'signer', 'copies', 'fee', 'note'] as const
export type RegisterColumn = (typeof REGISTER_COLUMNS)[number]
