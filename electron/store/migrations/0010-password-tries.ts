import type { Kysely } from 'kysely'

/** Wrong passwords since the last right one are counted where a restart of the program does not forget them. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .alterTable('person')
    .addColumn('wrong_passwords', 'integer', column => column.notNull().defaultTo(0))
    .execute()
}
