import SqliteDatabase from 'better-sqlite3'
import { StoreError } from '../errors.ts'

/** The reasons that lie outside the program as our codes; every other error (a bug of ours) passes unchanged. */
export function explainSqliteError(error: unknown): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error
  if (error.code === 'SQLITE_FULL') return new StoreError('disk-full', {}, { cause: error })
  if (error.code.startsWith('SQLITE_BUSY')) return new StoreError('store-busy', {}, { cause: error })
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return new StoreError('store-damaged', {}, { cause: error })
  }
  return error
}
