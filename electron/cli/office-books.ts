import type { Command } from 'commander'
import type { BookView } from '../office/types.ts'
import type { Run } from './ctdesk.ts'
import { actorOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { type CommandResult, EXIT, failure, worstOf } from './output.ts'

const bookLine = (book: BookView): string =>
  `${book.label}  ${book.firstNumber ?? '–'}…${book.lastNumber ?? '–'}  ${book.closedAt ? 'đã khóa' : 'đang mở'}`

/** Books (quyển), the register's print and the year's count. */
export function addBooks(office: Command, run: Run): void {
  const actions = {
    open: "open the year's book",
    close: "close the year's open book",
    next: 'close the open book and go on in the next one',
  } as const
  for (const [action, description] of [
    ['open', actions.open],
    ['close', actions.close],
    ['next', actions.next],
  ] as const)
    office.addCommand(
      deskCommand(`book-${action}`, description).action((options: DeskOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'clerk', context)
            const { register } = desk.office
            const book = await { open: register.openBook, close: register.closeBook, next: register.nextBook }[action](
              actor,
            )
            return { status: EXIT.done, data: { ...book }, lines: [bookLine(book)] }
          }),
        ),
      ),
    )
  office.addCommand(
    deskCommand('books', 'list the books').action((options: DeskOptions) =>
      run(context =>
        withDesk(options.office, async desk => {
          const books = await desk.office.register.books(await actorOf(desk, options, 'clerk', context))
          return { status: EXIT.done, data: { books }, lines: books.map(bookLine) }
        }),
      ),
    ),
  )
  office.addCommand(
    deskCommand('register', 'print the register of a period as PDF and XLSX')
      .requiredOption('--from <yyyy-mm-dd>')
      .requiredOption('--to <yyyy-mm-dd>')
      .requiredOption('--out <folder>')
      .action((options: DeskOptions & { from: string; to: string; out: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'clerk', context)
            const files = await desk.printRegister(actor, options.from, options.to, options.out)
            return { status: EXIT.done, data: { ...files }, lines: [files.pdf, files.xlsx] }
          }),
        ),
      ),
  )
  office.addCommand(
    deskCommand('archive', 'lift sealed copies to B-LTA, and renew archive time-stamps that grow old').action(
      (options: DeskOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'clerk', context)
            const { archive } = desk.office
            const copies: Readonly<Record<string, unknown>>[] = []
            const failures: CommandResult[] = []
            const due = await archive.due(actor)
            for await (const { copyId, ...step } of archive.renewDue(actor, context.signal)) {
              if (step.result === 'renewed') {
                copies.push({ copyId, ...step })
                context.say(`✓ ${copyId}  ${step.lastsUntil.toISOString().slice(0, 10)}`)
              } else {
                const failed = failure(step.error, context.language)
                failures.push(failed)
                copies.push({ copyId, result: step.result, ...failed.data })
                context.say(`✗ ${copyId}: ${failed.lines.join(' ')}`)
              }
            }
            const worst = worstOf(failures, due.length - copies.length, context.language)
            const stopped = failures.length === 0 ? (worst?.lines ?? []) : []
            return {
              status: worst?.status ?? EXIT.done,
              data: { copies, ...worst?.data },
              lines: [...stopped, `${copies.length - failures.length}/${due.length} bản`],
            }
          }),
        ),
    ),
  )
  office.addCommand(
    deskCommand('report', 'count of a year')
      .requiredOption('--year <yyyy>')
      .option('--close', 'lock the year with this count (from 31 December on)')
      .action((options: DeskOptions & { year: string; close?: true }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'signer', context)
            const { register } = desk.office
            const count = await (options.close ? register.closeYear : register.countYear)(actor, Number(options.year))
            return {
              status: EXIT.done,
              data: { ...count },
              lines: [
                `Năm ${count.year}: ${count.numbers} số, ${count.certified} đã chứng thực (${count.copies} bản), ` +
                  `${count.voided} bỏ, ${count.cancelled} hủy, phí ${count.fees.toLocaleString('vi-VN')} đ`,
              ],
            }
          }),
        ),
      ),
  )
}
