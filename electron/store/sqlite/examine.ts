import { type Kysely, sql } from 'kysely'
import { StoreError } from '../errors.ts'
import type { Database } from '../schema.ts'

/** Reads every page of the database, before anybody trusts a row of it. @throws StoreError store-damaged */
export async function requireWhole(database: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ readonly quick_check: string }>`pragma quick_check(1)`.execute(database)
  if (rows[0]?.quick_check !== 'ok') throw new StoreError('store-damaged')
}

/** @throws StoreError store-newer: a newer program has migrated it, whose tables this one does not know */
export async function requireKnownMigrations(database: Kysely<Database>, known: readonly string[]): Promise<void> {
  const tables = sql<{ readonly name: string }>`select name from sqlite_schema where name = 'kysely_migration'`
  if ((await tables.execute(database)).rows.length === 0) return
  const { rows } = await sql<{ readonly name: string }>`select name from kysely_migration`.execute(database)
  if (rows.some(row => !known.includes(row.name))) throw new StoreError('store-newer')
}
