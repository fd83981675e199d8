import { type Kysely, sql } from 'kysely'
import { RESTORED_GUARDS } from '../sqlite/guards.ts'

/**
 * Numbers that were used after the last backup, entered when the office was restored: what is known of each is that it was used. They stand
 * beside `certification_number`, whose rows each belong to a copy. Nothing of them is ever changed or removed.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('restored_number')
    .addColumn('office_id', 'text', column => column.notNull())
    .addColumn('kind', 'text', column => column.notNull())
    .addColumn('year', 'integer', column => column.notNull())
    .addColumn('number', 'integer', column => column.notNull())
    .addColumn('book', 'text', column => column.notNull())
    .addColumn('day', 'text', column => column.notNull())
    .addColumn('source', 'text', column => column.notNull())
    .addColumn('file_sha256', 'text')
    .addColumn('entered_at', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('restored_number_key', ['office_id', 'kind', 'year', 'number'])
    .addForeignKeyConstraint('restored_number_office', ['office_id'], 'office', ['office_id'])
    .execute()
  for (const guard of RESTORED_GUARDS) await sql.raw(guard.sql).execute(database)
}
