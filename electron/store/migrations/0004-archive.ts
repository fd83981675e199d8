import type { Kysely } from 'kysely'

/** The office's own long-term file of each copy; the file that citizens have stays as it is. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('archive')
    .addColumn('office_id', 'text', column => column.notNull())
    .addColumn('copy_id', 'text', column => column.notNull())
    .addColumn('file_sha256', 'text', column => column.notNull())
    .addColumn('archived_at', 'text', column => column.notNull())
    .addColumn('lasts_until', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('archive_key', ['office_id', 'copy_id'])
    .addForeignKeyConstraint('archive_copy', ['office_id', 'copy_id'], 'copy', ['office_id', 'copy_id'])
    .execute()
}
