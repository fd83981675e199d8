import { type Kysely, sql } from 'kysely'
import { GUARDS } from '../sqlite/guards.ts'

/** From here on the database itself refuses to change events, numbers and certified copies. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const guard of GUARDS) await sql.raw(guard.sql).execute(database)
}
