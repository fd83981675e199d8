import type { Kysely } from 'kysely'

/** Evidence of every request to a portal and of its answer; rows are only ever added. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('exchange')
    .addColumn('office_id', 'text', column => column.notNull())
    .addColumn('copy_id', 'text', column => column.notNull())
    .addColumn('exchange_id', 'text', column => column.notNull())
    .addColumn('step', 'text', column => column.notNull())
    .addColumn('method', 'text', column => column.notNull())
    .addColumn('address', 'text', column => column.notNull())
    .addColumn('sent_at', 'text', column => column.notNull())
    .addColumn('milliseconds', 'integer', column => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('request', 'text')
    .addColumn('answer', 'text')
    .addColumn('error_code', 'text')
    .addPrimaryKeyConstraint('exchange_key', ['office_id', 'copy_id', 'exchange_id'])
    .addForeignKeyConstraint('exchange_copy', ['office_id', 'copy_id'], 'copy', ['office_id', 'copy_id'])
    .execute()
}
