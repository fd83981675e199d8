import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Kysely, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import * as office from './migrations/0001-office.ts'
import * as exchange from './migrations/0002-exchange.ts'
import * as passwords from './migrations/0003-passwords.ts'
import * as archive from './migrations/0004-archive.ts'
import * as search from './migrations/0005-search.ts'
import * as clock from './migrations/0009-clock.ts'
import * as passwordTries from './migrations/0010-password-tries.ts'
import type { Database } from './schema.ts'
import { openSqliteDialect } from './sqlite/dialect.ts'

/** Any handle that can read, and only read: the store itself, or a transaction. */
export type Reader = Pick<Kysely<Database>, 'selectFrom' | 'introspection'>

/** A running write transaction: the proof that a change happens whole or not at all. */
export type Writer = Transaction<Database>

export interface Store {
  readonly reader: Reader
  /** Runs `work` in one write transaction; writers, also of other processes, queue. Slow work (files, tokens, networks) stays outside. */
  write<T>(work: (writer: Writer) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** One file per migration, never changed once a store was made with it: what is different comes as a new one. */
export const MIGRATIONS = {
  '0001-office': office,
  '0002-exchange': exchange,
  '0003-passwords': passwords,
  '0004-archive': archive,
  '0005-search': search,
  '0009-clock': clock,
  '0010-password-tries': passwordTries,
}

/**
 * Opens the office's database file, making and migrating it as needed; several processes may do so at the same time. One handle per
 * process: a second one would wait for the first's transaction with the whole process stopped.
 * @throws StoreError store-damaged, store-busy, disk-full
 */
export async function openStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true })
  const database = new Kysely<Database>({ dialect: await openSqliteDialect(path) })
  try {
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => MIGRATIONS } })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
  } catch (error) {
    await database.destroy()
    throw error
  }
  return {
    reader: database,
    write: work => database.transaction().execute(work),
    close: () => database.destroy(),
  }
}
