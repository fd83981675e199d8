import type { Kysely } from 'kysely'

/** What a time-stamp authority last said of the time, beside the office's last event: the two against which a PC's clock is held. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('audit_head').addColumn('witnessed_at', 'text').execute()
  await database.schema.alterTable('audit_head').addColumn('ahead_seconds', 'integer').execute()
}
