import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely'
import { systemFault } from '../../system-fault.ts'
import { StoreError } from '../errors.ts'
import { explainSqliteError } from './errors.ts'

/** How long a writer waits for another process's transaction. Ours last milliseconds; this is for a slow disk under load. */
const BUSY_TIMEOUT_MS = 30_000

/**
 * Kysely's SQLite driver with three differences: transactions take the write lock at once (a deferred one fails, instead of waiting, when
 * two processes read and then both write), a rollback after SQLite's own rollback is no second error, and errors come out as `StoreError`.
 */
class QueueingSqliteDriver extends SqliteDriver {
  readonly #database: SqliteDatabase.Database

  constructor(database: SqliteDatabase.Database) {
    super({ database })
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return {
      executeQuery: async query => {
        try {
          return await connection.executeQuery(query)
        } catch (error) {
          throw explainSqliteError(error)
        }
      },
      async *streamQuery(query, chunkSize) {
        try {
          yield* connection.streamQuery<never>(query, chunkSize)
        } catch (error) {
          throw explainSqliteError(error)
        }
      },
    }
  }

  override async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    this.#run(settings.accessMode === 'read only' ? 'begin deferred' : 'begin immediate')
  }

  override async commitTransaction(): Promise<void> {
    this.#run('commit')
  }

  override async rollbackTransaction(): Promise<void> {
    if (this.#database.inTransaction) this.#run('rollback')
  }

  #run(statement: string): void {
    try {
      this.#database.exec(statement)
    } catch (error) {
      throw explainSqliteError(error)
    }
  }
}

class OfficeSqliteAdapter extends SqliteAdapter {
  /** SQLite rolls DDL back like anything else; so all pending migrations are one transaction, and its write lock is the migration lock. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class OfficeSqliteDialect extends SqliteDialect implements Dialect {
  readonly #database: SqliteDatabase.Database

  constructor(database: SqliteDatabase.Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new QueueingSqliteDriver(this.#database)
  }

  override createAdapter(): SqliteAdapter {
    return new OfficeSqliteAdapter()
  }
}

/**
 * Opens (and makes) the database file for durable work by several processes: every commit is on disk before it returns.
 * @throws StoreError store-damaged, store-busy and faults of the disk
 */
export async function openSqliteDialect(path: string): Promise<Dialect> {
  let database: SqliteDatabase.Database | undefined
  try {
    database = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS })
    await switchToWriteAheadLog(database)
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    return new OfficeSqliteDialect(database)
  } catch (error) {
    database?.close()
    throw await whyNotOpened(path, explainSqliteError(error))
  }
}

const UNCLEAR: ReadonlySet<string> = new Set(['path-missing', 'disk-read-only'])

/** SQLite says only that it could not open a file, or not for writing; the system says why: a folder, no right, a read-only disk. */
async function whyNotOpened(path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof StoreError) || !UNCLEAR.has(error.code)) return error
  try {
    if ((await stat(path)).isDirectory()) return new StoreError('file-unusable', {}, { cause: error })
    await access(path, constants.R_OK | constants.W_OK)
    await access(dirname(path), constants.W_OK)
    return error
  } catch (cause) {
    const fault = cause instanceof Error && 'code' in cause ? systemFault(String(cause.code)) : null
    return fault === null ? error : new StoreError(fault, {}, { cause })
  }
}

/** A second handle on the file, for reading alone: it sees one state of it in each transaction and blocks no writer. */
export function openSqliteSnapshot(path: string): Dialect {
  try {
    return new OfficeSqliteDialect(new SqliteDatabase(path, { readonly: true, timeout: BUSY_TIMEOUT_MS }))
  } catch (error) {
    throw explainSqliteError(error)
  }
}

/** Changing the journal mode is the one thing that SQLite does not wait for when another process has the file open. */
async function switchToWriteAheadLog(database: SqliteDatabase.Database): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (error) {
      const busy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')
      if (!busy || attempt === 200) throw error
      await wait(25)
    }
  }
}
