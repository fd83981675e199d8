import { type Kysely, sql } from 'kysely'
import { z } from 'zod'

/** What this migration finds; the tables as they are today may be others. */
interface Found {
  copy: {
    office_id: string
    copy_id: string
    request_id: string
    title: string
    issuer: string
    content: string | null
    search_text: string
  }
  request: { office_id: string; request_id: string; requester_name: string }
  outbox: { office_id: string; copy_id: string; receipt: string | null }
}

/**
 * Copies are found without accents by a text of their own, and exchanges with a portal are counted for each copy. Early programs made new
 * stores with both already in them: there nothing is left to do.
 */
export async function up(database: Kysely<Found>): Promise<void> {
  if (!(await hasColumn(database, 'copy', 'search_text'))) await addSearchText(database)
  if (await hasColumn(database, 'exchange', 'exchange_id')) await countExchanges(database)
}

async function hasColumn(database: Kysely<Found>, table: string, column: string): Promise<boolean> {
  const tables = await database.introspection.getTables()
  return tables.some(({ name, columns }) => name === table && columns.some(each => each.name === column))
}

const contentSchema = z.object({ statement: z.object({ number: z.string(), book: z.string() }) })

async function addSearchText(database: Kysely<Found>): Promise<void> {
  await database.schema
    .alterTable('copy')
    .addColumn('search_text', 'text', column => column.notNull().defaultTo(''))
    .execute()
  const copies = await database
    .selectFrom('copy')
    .innerJoin('request', join =>
      join.onRef('request.office_id', '=', 'copy.office_id').onRef('request.request_id', '=', 'copy.request_id'),
    )
    .leftJoin('outbox', join =>
      join.onRef('outbox.office_id', '=', 'copy.office_id').onRef('outbox.copy_id', '=', 'copy.copy_id'),
    )
    .select(['copy.office_id', 'copy.copy_id', 'title', 'issuer', 'content', 'requester_name', 'receipt'])
    .execute()
  for (const copy of copies) {
    const fixed = copy.content === null ? null : contentSchema.parse(JSON.parse(copy.content)).statement
    const known = [copy.requester_name, copy.title, copy.issuer, fixed && `${fixed.number}/${fixed.book}`, copy.receipt]
    await database
      .updateTable('copy')
      .set({ search_text: searchable(known.filter(text => text !== null).join('\n')) })
      .where('office_id', '=', copy.office_id)
      .where('copy_id', '=', copy.copy_id)
      .execute()
  }
}

/** As the office made it when this was written; it must stay so. */
const searchable = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()

/** SQLite cannot change a table's key, so the rows move into a new one. */
async function countExchanges(database: Kysely<Found>): Promise<void> {
  await database.schema.alterTable('exchange').renameTo('exchange_by_id').execute()
  await database.schema
    .createTable('exchange')
    .addColumn('office_id', 'text', column => column.notNull())
    .addColumn('copy_id', 'text', column => column.notNull())
    .addColumn('sequence', 'integer', column => column.notNull())
    .addColumn('step', 'text', column => column.notNull())
    .addColumn('method', 'text', column => column.notNull())
    .addColumn('address', 'text', column => column.notNull())
    .addColumn('sent_at', 'text', column => column.notNull())
    .addColumn('milliseconds', 'integer', column => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('request', 'text')
    .addColumn('answer', 'text')
    .addColumn('error_code', 'text')
    .addPrimaryKeyConstraint('exchange_key', ['office_id', 'copy_id', 'sequence'])
    .addForeignKeyConstraint('exchange_copy', ['office_id', 'copy_id'], 'copy', ['office_id', 'copy_id'])
    .execute()
  await sql`
    insert into exchange
    select office_id, copy_id,
      row_number() over (partition by office_id, copy_id order by sent_at, exchange_id),
      step, method, address, sent_at, milliseconds, status, request, answer, error_code
    from exchange_by_id
  `.execute(database)
  await database.schema.dropTable('exchange_by_id').execute()
}
