import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Kysely, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { StoreError } from './errors.ts'
import { type HeadWitness, openHeadWitness } from './head-witness.ts'
import { readHeads } from './heads.ts'
import * as office from './migrations/0001-office.ts'
import * as exchange from './migrations/0002-exchange.ts'
import * as passwords from './migrations/0003-passwords.ts'
import * as archive from './migrations/0004-archive.ts'
import * as search from './migrations/0005-search.ts'
import * as guards from './migrations/0006-guards.ts'
import * as restored from './migrations/0007-restored.ts'
import * as cancellations from './migrations/0008-cancellations.ts'
import * as clock from './migrations/0009-clock.ts'
import * as passwordTries from './migrations/0010-password-tries.ts'
import type { Database } from './schema.ts'
import { openSqliteDialect, openSqliteSnapshot } from './sqlite/dialect.ts'
import { requireKnownMigrations, requireWhole } from './sqlite/examine.ts'
import { missingGuards } from './sqlite/guards.ts'

/** Any handle that can read, and only read: the store itself, or a transaction. */
export type Reader = Pick<Kysely<Database>, 'selectFrom' | 'introspection'>

/** A running write transaction: the proof that a change happens whole or not at all. */
export type Writer = Transaction<Database>

export interface Store {
  readonly reader: Reader
  readonly head: HeadWitness
  /**
   * Runs `work` in one write transaction; writers, also of other processes, queue. Slow work (files, tokens, networks) stays outside. A number
   * that was taken is also written down beside the database before this answers.
   */
  write<T>(work: (writer: Writer) => Promise<T>): Promise<T>
  /** Runs `work` on the store as it is now, whatever is written meanwhile; nobody waits for it. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  /** Names of the triggers that should refuse to change the past, and are missing or were changed. */
  missingGuards(): Promise<readonly string[]>
  close(): Promise<void>
}

/** One file per migration, never changed once a store was made with it: what is different comes as a new one. */
export const MIGRATIONS = {
  '0001-office': office,
  '0002-exchange': exchange,
  '0003-passwords': passwords,
  '0004-archive': archive,
  '0005-search': search,
  '0006-guards': guards,
  '0007-restored': restored,
  '0008-cancellations': cancellations,
  '0009-clock': clock,
  '0010-password-tries': passwordTries,
}

/** Where the office's database lies, and beside it the file that says how far it has come. */
export const DATABASE_FILE = 'office.sqlite'
export const HEAD_FILE = 'office.head.json'

/**
 * Opens the office's database file and migrates it as needed. One handle per process: a second one would wait for the first's transaction
 * with the whole process stopped.
 * @throws StoreError store-missing, store-damaged, store-newer, store-older-than-head, head-unreadable, store-busy, disk-full
 */
export async function openStore(path: string): Promise<Store> {
  if (!(await holdsAnything(path))) throw new StoreError('store-missing')
  return openOrMake(path)
}

/**
 * The same, making the file where no office ever was; several processes may do so at the same time. For founding alone: everywhere else a
 * missing file is a lost one.
 */
export async function makeStore(path: string): Promise<Store> {
  if (!(await holdsAnything(path)) && (await readHeads(headFile(path)))) throw new StoreError('store-missing')
  await mkdir(dirname(path), { recursive: true })
  return openOrMake(path)
}

const headFile = (path: string): string => join(dirname(path), HEAD_FILE)

async function openOrMake(path: string): Promise<Store> {
  const database = new Kysely<Database>({ dialect: await openSqliteDialect(path) })
  try {
    await requireWhole(database)
    await requireKnownMigrations(database, Object.keys(MIGRATIONS))
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => MIGRATIONS } })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
    const witness = await openHeadWitness(headFile(path), database)
    return {
      reader: database,
      head: witness,
      write: async work => {
        const result = await database.transaction().execute(work)
        await witness.follow()
        return result
      },
      snapshot: async work => {
        const snapshot = new Kysely<Database>({ dialect: openSqliteSnapshot(path) })
        try {
          return await snapshot.transaction().setAccessMode('read only').execute(work)
        } finally {
          await snapshot.destroy()
        }
      },
      missingGuards: () => missingGuards(database),
      close: () => database.destroy(),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

async function holdsAnything(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
