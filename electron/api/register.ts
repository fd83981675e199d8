import type { RegisterRow, YearCount } from '../office/types.ts'
import { periodSchema, type RegisterPrint, yearSchema } from './contract/register.ts'
import { bookItem } from './items.ts'
import { newPrint } from './prints.ts'
import { personProcedure, router } from './procedures.ts'

/** Books and the register SCT/BS. */
export const registerRouter = router({
  books: personProcedure.query(async ({ ctx: { desk, actor } }) =>
    (await desk.office.register.books(actor)).map(bookItem),
  ),
  openBook: personProcedure.mutation(async ({ ctx: { desk, actor } }) =>
    bookItem(await desk.office.register.openBook(actor)),
  ),
  closeBook: personProcedure.mutation(async ({ ctx: { desk, actor } }) =>
    bookItem(await desk.office.register.closeBook(actor)),
  ),
  nextBook: personProcedure.mutation(async ({ ctx: { desk, actor } }) =>
    bookItem(await desk.office.register.nextBook(actor)),
  ),
  rows: personProcedure
    .input(periodSchema)
    .query(
      ({ ctx: { desk, actor }, input }): Promise<readonly RegisterRow[]> =>
        desk.office.register.rows(actor, input.from, input.to),
    ),
  countYear: personProcedure
    .input(yearSchema)
    .query(({ ctx: { desk, actor }, input }): Promise<YearCount> => desk.office.register.countYear(actor, input.year)),
  closeYear: personProcedure
    .input(yearSchema)
    .mutation(
      ({ ctx: { desk, actor }, input }): Promise<YearCount> => desk.office.register.closeYear(actor, input.year),
    ),

  /** Prints the days [from, to] as PDF and XLSX, to look at or to save. */
  print: personProcedure
    .input(periodSchema)
    .query(async ({ ctx: { desk, actor, host }, input }): Promise<RegisterPrint> => {
      const { printId, folder } = await newPrint(host)
      await desk.printRegister(actor, input.from, input.to, folder)
      return { pdf: `/file/print/${printId}/register.pdf`, xlsx: `/file/print/${printId}/register.xlsx` }
    }),
})
