import type { Reader, Writer } from '../../store/store.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { bookFacts } from '../audit/facts.ts'
import { vietnamYear } from '../calendar.ts'
import { OfficeError } from '../errors.ts'
import type { OfficeParts } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import { settingsOf } from '../people/people.ts'
import type { RegisterService } from '../service.ts'
import type { Actor, BookView } from '../types.ts'
import { COPY_REGISTER, writtenNumber } from './numbers.ts'

type Books = Pick<RegisterService, 'openBook' | 'closeBook' | 'nextBook' | 'books'>

/**
 * Books of the register, kept by year (NĐ 23/2015 Đ13 kh.1). A book belongs to one year and takes that year's numbers only; the last year's
 * book may stay open for its closing while the new year's is already written.
 */
export function createBooks({ store, clock, newId }: OfficeParts): Books {
  async function open(writer: Writer, actor: Actor, at: Date): Promise<string> {
    const year = vietnamYear(at)
    await writer
      .insertInto('number_series')
      .values({
        office_id: actor.officeId,
        kind: COPY_REGISTER,
        year,
        last_number: 0,
        closed_at: null,
        closed_by: null,
      })
      .onConflict(conflict => conflict.columns(['office_id', 'kind', 'year']).doNothing())
      .execute()
    const series = await writer
      .selectFrom('number_series')
      .select(['last_number', 'closed_at'])
      .where('office_id', '=', actor.officeId)
      .where('kind', '=', COPY_REGISTER)
      .where('year', '=', year)
      .executeTakeFirstOrThrow()
    if (series.closed_at !== null) throw new OfficeError('year-closed', { year })
    const books = await writer
      .selectFrom('book')
      .select(['sequence', 'closed_at'])
      .where('office_id', '=', actor.officeId)
      .where('kind', '=', COPY_REGISTER)
      .where('year', '=', year)
      .execute()
    if (books.some(book => book.closed_at === null)) throw new OfficeError('book-already-open', { year })
    const sequence = books.length + 1
    const { bookSymbol } = await settingsOf(writer, actor.officeId)
    const label = `${writtenNumber(sequence)}/${year}-${bookSymbol}`
    const bookId = newId()
    const book = await writer
      .insertInto('book')
      .values({
        office_id: actor.officeId,
        book_id: bookId,
        kind: COPY_REGISTER,
        year,
        sequence,
        label,
        opened_at: at.toISOString(),
        opened_by: actor.personId,
        closed_at: null,
        closed_by: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvent(writer, doerOf(actor, at), {
      action: 'book-opened',
      subject: bookId,
      data: { ...bookFacts(book), nextNumber: series.last_number + 1 },
    })
    return bookId
  }

  async function close(writer: Writer, actor: Actor, at: Date): Promise<string> {
    const [bookId] = await closeOpenBooks(writer, actor, vietnamYear(at), at)
    if (bookId === undefined) throw new OfficeError('no-open-book', { year: vietnamYear(at) })
    return bookId
  }

  async function view(reader: Reader, officeId: string, bookId: string): Promise<BookView> {
    const [book] = (await bookViews(reader, officeId)).filter(each => each.id === bookId)
    if (!book) throw new OfficeError('no-open-book', { year: vietnamYear(clock()) })
    return book
  }

  const change = (actor: Actor, work: (writer: Writer, at: Date) => Promise<string>): Promise<BookView> =>
    store.write(async writer => {
      await requireRole(writer, actor, 'officer', 'clerk', 'admin')
      return view(writer, actor.officeId, await work(writer, clock()))
    })

  return {
    openBook: actor => change(actor, (writer, at) => open(writer, actor, at)),
    closeBook: actor => change(actor, (writer, at) => close(writer, actor, at)),
    nextBook: actor =>
      change(actor, async (writer, at) => {
        await close(writer, actor, at)
        return open(writer, actor, at)
      }),
    books: async actor => {
      await personOf(store.reader, actor)
      return bookViews(store.reader, actor.officeId)
    },
  }
}

/** Closes what is open of the year. @returns the ids */
export async function closeOpenBooks(writer: Writer, actor: Actor, year: number, at: Date): Promise<readonly string[]> {
  const closed = await writer
    .updateTable('book')
    .set({ closed_at: at.toISOString(), closed_by: actor.personId })
    .where('office_id', '=', actor.officeId)
    .where('kind', '=', COPY_REGISTER)
    .where('year', '=', year)
    .where('closed_at', 'is', null)
    .returningAll()
    .execute()
  for (const book of closed) {
    await appendEvent(writer, doerOf(actor, at), {
      action: 'book-closed',
      subject: book.book_id,
      data: bookFacts(book),
    })
  }
  return closed.map(book => book.book_id)
}

async function bookViews(reader: Reader, officeId: string): Promise<BookView[]> {
  const rows = await reader
    .selectFrom('book')
    .leftJoin('certification_number', join =>
      join
        .onRef('certification_number.office_id', '=', 'book.office_id')
        .onRef('certification_number.book_id', '=', 'book.book_id'),
    )
    .select(['book.book_id', 'book.kind', 'book.year', 'book.label', 'book.opened_at', 'book.closed_at'])
    .select(({ fn }) => [
      fn.min('certification_number.number').as('first_number'),
      fn.max('certification_number.number').as('last_number'),
    ])
    .where('book.office_id', '=', officeId)
    .groupBy([
      'book.book_id',
      'book.kind',
      'book.year',
      'book.label',
      'book.opened_at',
      'book.closed_at',
      'book.sequence',
    ])
    .orderBy('book.year')
    .orderBy('book.sequence')
    .execute()
  const restored = await reader
    .selectFrom('restored_number')
    .select(['kind', 'year', 'book', 'number'])
    .where('office_id', '=', officeId)
    .execute()
  return rows.map(row => {
    const more = restored.filter(each => each.kind === row.kind && each.year === row.year && each.book === row.label)
    const numbers = [row.first_number, row.last_number, ...more.map(each => each.number)].filter(each => each !== null)
    return {
      id: row.book_id,
      kind: row.kind,
      year: row.year,
      label: row.label,
      openedAt: new Date(row.opened_at),
      closedAt: row.closed_at === null ? null : new Date(row.closed_at),
      firstNumber: numbers.length > 0 ? Math.min(...numbers) : null,
      lastNumber: numbers.length > 0 ? Math.max(...numbers) : null,
    }
  })
}
