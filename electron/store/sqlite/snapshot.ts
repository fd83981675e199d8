import { open } from 'node:fs/promises'
import SqliteDatabase from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { StoreError } from '../errors.ts'
import type { Database } from '../schema.ts'
import type { Reader } from '../store.ts'
import { explainSqliteError } from './errors.ts'

/** All that is left in one step: whoever writes meanwhile would make a copy in small steps begin again and again. */
const ALL_PAGES = 0x7fffffff

/**
 * Copies a database that others may be writing to, as it is at one moment, into one whole file, on disk when this answers.
 * @throws StoreError store-damaged, store-busy, disk-full
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  try {
    const source = new SqliteDatabase(from, { readonly: true, fileMustExist: true, timeout: 30_000 })
    try {
      await source.backup(to, { progress: () => ALL_PAGES })
    } finally {
      source.close()
    }
    const copy = new SqliteDatabase(to)
    try {
      // without a log beside it, the file alone is the database
      copy.pragma('journal_mode = DELETE')
    } finally {
      copy.close()
    }
    requireWholeFile(to)
  } catch (error) {
    throw explainSqliteError(error)
  }
  const file = await open(to, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** @throws StoreError store-damaged */
export function requireWholeFile(path: string): void {
  try {
    const database = new SqliteDatabase(path, { readonly: true, fileMustExist: true })
    try {
      if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new StoreError('store-damaged')
    } finally {
      database.close()
    }
  } catch (error) {
    throw explainSqliteError(error)
  }
}

/** Reads a database file as it lies there: nothing is migrated, made or compared. */
export async function readDatabase<T>(path: string, work: (reader: Reader) => Promise<T>): Promise<T> {
  try {
    const file = new SqliteDatabase(path, { readonly: true, fileMustExist: true })
    const database = new Kysely<Database>({ dialect: new SqliteDialect({ database: file }) })
    try {
      return await work(database)
    } finally {
      await database.destroy()
    }
  } catch (error) {
    throw explainSqliteError(error)
  }
}

/** Whether another program has it open: only alone may one leave the log. A file that is no whole database is in nobody's use. */
export function isInUse(path: string): boolean {
  let database: SqliteDatabase.Database | undefined
  try {
    database = new SqliteDatabase(path, { fileMustExist: true, timeout: 1000 })
    database.pragma('journal_mode = DELETE')
    return false
  } catch (error) {
    return error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')
  } finally {
    database?.close()
  }
}
