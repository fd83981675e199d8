import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { resourcePath } from '../../resources.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { appendEvent, type Doer } from '../audit/chain.ts'
import { restoredFacts } from '../audit/facts.ts'
import { vietnamDay } from '../calendar.ts'
import type { RegisterRow } from '../types.ts'
import { writtenNumber } from './numbers.ts'
import type { RegisterPeriod } from './rows.ts'

/** Where it is known from that a number was used. */
export const NUMBER_SOURCES = ['file', 'database', 'head', 'person'] as const
export type NumberSource = (typeof NUMBER_SOURCES)[number]

/** A number that was used, though the register that was restored does not know it. */
export interface UsedNumber {
  readonly kind: string
  readonly year: number
  readonly number: number
  readonly source: NumberSource
  /** As the file that bears it says; null where no file was found. */
  readonly book: string | null
  readonly day: string | null
  readonly fileSha256: string | null
}

/**
 * Enters used numbers as void and moves their series past them, each with its event: they are never given again. Those of a year whose book
 * was opened after the backup begin that year's series.
 */
export async function enterUsedNumbers(writer: Writer, doer: Doer, numbers: readonly UsedNumber[]): Promise<void> {
  for (const used of numbers) {
    const { kind, year, number, source, fileSha256 } = used
    const book = used.book ?? (await lastBook(writer, doer.officeId, kind, year))
    const entered = await writer
      .insertInto('restored_number')
      .values({
        office_id: doer.officeId,
        ...{ kind, year, number, book, source },
        day: used.day ?? vietnamDay(doer.at),
        file_sha256: fileSha256,
        entered_at: doer.at.toISOString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await writer
      .insertInto('number_series')
      .values({ office_id: doer.officeId, kind, year, last_number: number, closed_at: null, closed_by: null })
      .onConflict(conflict =>
        conflict
          .columns(['office_id', 'kind', 'year'])
          .doUpdateSet({ last_number: number })
          .where('number_series.last_number', '<', number),
      )
      .execute()
    await appendEvent(writer, doer, {
      action: 'number-restored',
      subject: `${number}/${year}`,
      data: restoredFacts(entered),
    })
  }
}

/** The book that the number would have stood in: the year's last one; nothing where none is known. */
async function lastBook(reader: Reader, officeId: string, kind: string, year: number): Promise<string> {
  const book = await reader
    .selectFrom('book')
    .select('label')
    .where('office_id', '=', officeId)
    .where('kind', '=', kind)
    .where('year', '=', year)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return book?.label ?? ''
}

const wordsSchema = z.strictObject({
  legalBasis: z.string().min(1),
  unverified: z.array(z.string()),
  title: z.string().min(1),
  note: z.string().min(1),
  remark: z.string().min(1),
  evidence: z.strictObject({ file: z.string(), database: z.string(), head: z.string(), person: z.string() }),
})
/** What register and desk say of numbers and copies that a backup did not know. */
export const restoredWords = wordsSchema.parse(
  JSON.parse(readFileSync(resourcePath('office', 'restored-number.json'), 'utf8')),
)

/** The register's lines of restored numbers, with what they are ordered by. */
export async function restoredRows(
  reader: Reader,
  officeId: string,
  kind: string,
  period: RegisterPeriod,
): Promise<readonly { readonly year: number; readonly number: number; readonly row: RegisterRow }[]> {
  const all = reader
    .selectFrom('restored_number')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('kind', '=', kind)
  const chosen =
    'year' in period
      ? all.where('year', '=', period.year)
      : all.where('day', '>=', period.from).where('day', '<=', period.to)
  return (await chosen.execute()).map(({ year, number, book, day, source, file_sha256, entered_at }) => {
    const evidence = restoredWords.evidence[z.enum(NUMBER_SOURCES).parse(source)].replace('{sha256}', file_sha256 ?? '')
    const entered = vietnamDay(new Date(entered_at)).split('-').reverse().join('/')
    const row = {
      ...{ number: writtenNumber(number), book, date: day, requesterName: '', title: restoredWords.title, signer: '' },
      ...{ copyCount: 0, fee: 0, state: 'void' as const, copyId: null },
      note: restoredWords.note.replace('{day}', entered).replace('{evidence}', evidence),
    }
    return { year, number, row }
  })
}
