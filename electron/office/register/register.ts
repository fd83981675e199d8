import { z } from 'zod'
import type { Reader, Writer } from '../../store/store.ts'
import { appendEvent, chainEnd, type Doer, doerOf } from '../audit/chain.ts'
import { seriesFacts } from '../audit/facts.ts'
import { vietnamDay } from '../calendar.ts'
import { changeCopy } from '../copies/transition.ts'
import { OfficeError } from '../errors.ts'
import { type OfficeParts, parseInput } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import { officeOf } from '../people/people.ts'
import type { RegisterService } from '../service.ts'
import type { YearCount } from '../types.ts'
import { closeOpenBooks, createBooks } from './books.ts'
import { COPY_REGISTER, voidNumber } from './numbers.ts'
import { registerRows } from './rows.ts'

const periodSchema = z.strictObject({ from: z.iso.date(), to: z.iso.date() })

export function createRegisterService(parts: OfficeParts): RegisterService {
  const { store, clock } = parts
  const books = createBooks(parts)
  return {
    ...books,

    rows: async (actor, from, to) => {
      await personOf(store.reader, actor)
      return registerRows(store.reader, actor.officeId, parseInput(periodSchema, { from, to }))
    },

    print: async (actor, from, to) => {
      const all = await books.books(actor)
      const rows = await registerRows(store.reader, actor.officeId, parseInput(periodSchema, { from, to }))
      return {
        officeName: (await officeOf(store.reader, actor.officeId)).name,
        from,
        to,
        books: all.filter(book => rows.some(row => row.book === book.label)),
        rows,
        audit: await chainEnd(store.reader, actor.officeId),
      }
    },

    countYear: async (actor, year) => {
      await personOf(store.reader, actor)
      return countYear(store.reader, actor.officeId, year)
    },

    closeYear: async (actor, year) => {
      const at = clock()
      return store.write(async writer => {
        await requireRole(writer, actor, 'signer')
        if (vietnamDay(at) < `${year}-12-31`) throw new OfficeError('year-not-over', { year })
        const doer = doerOf(actor, at)
        await voidUnsigned(writer, doer, year)
        const count = await countYear(writer, actor.officeId, year)
        if (count.pending > 0) throw new OfficeError('year-unfinished', { year, count: count.pending })
        await closeOpenBooks(writer, actor, year, at)
        const closed = await writer
          .updateTable('number_series')
          .set({ closed_at: at.toISOString(), closed_by: actor.personId })
          .where('office_id', '=', actor.officeId)
          .where('kind', '=', COPY_REGISTER)
          .where('year', '=', year)
          .where('closed_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (!closed) throw new OfficeError('year-closed', { year })
        await appendEvent(writer, doer, {
          action: 'year-closed',
          subject: String(year),
          data: { ...count, ...seriesFacts(closed) },
        })
        return count
      })
    },
  }
}

async function countYear(reader: Reader, officeId: string, year: number): Promise<YearCount> {
  const rows = await registerRows(reader, officeId, { year })
  const inState = (state: string): number => rows.filter(row => row.state === state).length
  const cancelled = inState('cancelled')
  return {
    year,
    numbers: rows.length,
    certified: inState('certified') + cancelled,
    cancelled,
    voided: inState('void'),
    pending: inState('pending'),
    copies: rows.reduce((sum, row) => sum + row.copyCount, 0),
    fees: rows.reduce((sum, row) => sum + row.fee, 0),
  }
}

/** A copy that was numbered but not signed in its year takes a number of the new year later; its old one is void now. */
async function voidUnsigned(writer: Writer, doer: Doer, year: number): Promise<void> {
  const unsigned = await writer
    .selectFrom('certification_number')
    .innerJoin('copy', join =>
      join
        .onRef('copy.office_id', '=', 'certification_number.office_id')
        .onRef('copy.copy_id', '=', 'certification_number.copy_id'),
    )
    .selectAll('copy')
    .where('certification_number.office_id', '=', doer.officeId)
    .where('certification_number.kind', '=', COPY_REGISTER)
    .where('certification_number.year', '=', year)
    .where('certification_number.state', '=', 'used')
    .where('copy.state', 'in', ['draft', 'submitted'])
    .orderBy('certification_number.number')
    .execute()
  const dropped = { content: null, content_sha256: null, layout: null, composed_sha256: null }
  for (const row of unsigned) {
    await voidNumber(writer, doer, row.copy_id, 'year-ended')
    await changeCopy(writer, doer, row, dropped, { action: 'content-dropped' })
  }
}
