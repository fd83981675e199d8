import type { Writer } from '../../store/store.ts'
import { appendEvent, type Doer } from '../audit/chain.ts'
import { numberFacts } from '../audit/facts.ts'
import { vietnamDay, vietnamYear } from '../calendar.ts'
import { OfficeError } from '../errors.ts'

/** The register of copies from originals, NĐ 23/2015 Đ13 kh.4; its symbol is a setting. */
export const COPY_REGISTER = 'copy'

/** `year-mistaken`: taken by a clock that ran ahead into another year; `restored`: its copy left the house after the backup. Their words stand in `resources/legal/register-copy.json`. */
export const VOID_REASONS = ['refused', 'withdrawn', 'year-ended', 'year-mistaken', 'restored'] as const
export type VoidReason = (typeof VOID_REASONS)[number]

export interface TakenNumber {
  readonly number: number
  readonly year: number
  readonly book: string
}

/** At least two digits, as the law writes the first one: "01". */
export function writtenNumber(number: number): string {
  return String(number).padStart(2, '0')
}

/**
 * The number of a copy for certification at `doer.at`: the one it already has this year, else the next of the year's series. Continuous from
 * 01 over all books of the year, restarted each year (NĐ 23/2015 Đ13 kh.2); one per original (TT 01/2020 Đ4). A number of another year,
 * never signed, becomes void. All in the caller's transaction: rolled back with it, the number was never taken.
 * @throws OfficeError no-open-book
 */
export async function takeNumber(writer: Writer, doer: Doer, copyId: string): Promise<TakenNumber> {
  const year = vietnamYear(doer.at)
  const day = vietnamDay(doer.at)
  const held = await heldNumber(writer, doer.officeId, copyId)
  if (held?.year === year) {
    const moved = await writer
      .updateTable('certification_number')
      .set({ day })
      .where('office_id', '=', doer.officeId)
      .where('kind', '=', COPY_REGISTER)
      .where('year', '=', year)
      .where('number', '=', held.number)
      .where('day', '!=', day)
      .returningAll()
      .executeTakeFirst()
    if (moved) {
      await appendEvent(writer, doer, { action: 'number-day-changed', subject: copyId, data: numberFacts(moved) })
    }
    return held
  }
  const book = await writer
    .selectFrom('book')
    .select(['book_id', 'label'])
    .where('office_id', '=', doer.officeId)
    .where('kind', '=', COPY_REGISTER)
    .where('year', '=', year)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (!book) throw new OfficeError('no-open-book', { year })
  const series = await writer
    .updateTable('number_series')
    .set(column => ({ last_number: column('last_number', '+', 1) }))
    .where('office_id', '=', doer.officeId)
    .where('kind', '=', COPY_REGISTER)
    .where('year', '=', year)
    .where('closed_at', 'is', null)
    .returning('last_number')
    .executeTakeFirst()
  if (!series) throw new OfficeError('no-open-book', { year })
  if (held) await voidNumber(writer, doer, copyId, held.year < year ? 'year-ended' : 'year-mistaken')
  const taken = await writer
    .insertInto('certification_number')
    .values({
      office_id: doer.officeId,
      kind: COPY_REGISTER,
      year,
      number: series.last_number,
      book_id: book.book_id,
      copy_id: copyId,
      state: 'used',
      void_reason: null,
      taken_at: doer.at.toISOString(),
      day,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await appendEvent(writer, doer, {
    action: 'number-taken',
    subject: copyId,
    data: { ...numberFacts(taken), book: book.label },
  })
  return { number: series.last_number, year, book: book.label }
}

/** Notes the copy's number, when it has one, as void with the reason: it stays in the register and is never given again. */
export async function voidNumber(writer: Writer, doer: Doer, copyId: string, reason: VoidReason): Promise<void> {
  const voided = await writer
    .updateTable('certification_number')
    .set({ state: 'void', void_reason: reason })
    .where('office_id', '=', doer.officeId)
    .where('copy_id', '=', copyId)
    .where('state', '=', 'used')
    .returningAll()
    .executeTakeFirst()
  if (!voided) return
  await appendEvent(writer, doer, { action: 'number-void', subject: copyId, data: numberFacts(voided) })
}

async function heldNumber(writer: Writer, officeId: string, copyId: string): Promise<TakenNumber | null> {
  const row = await writer
    .selectFrom('certification_number')
    .innerJoin('book', join =>
      join
        .onRef('book.office_id', '=', 'certification_number.office_id')
        .onRef('book.book_id', '=', 'certification_number.book_id'),
    )
    .select(['certification_number.number', 'certification_number.year', 'book.label as book'])
    .where('certification_number.office_id', '=', officeId)
    .where('certification_number.copy_id', '=', copyId)
    .where('certification_number.state', '=', 'used')
    .executeTakeFirst()
  return row ?? null
}
