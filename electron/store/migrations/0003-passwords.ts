import type { Kysely } from 'kysely'

/** A person may have a password for sitting down at a window; what is kept cannot be turned back into it. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('person').addColumn('password_hash', 'text').execute()
}
