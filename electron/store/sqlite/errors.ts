import SqliteDatabase from 'better-sqlite3'
import { systemFault } from '../../system-fault.ts'
import { StoreError } from '../errors.ts'

/** The reasons that lie outside the program as our codes; every other error (a bug of ours) passes unchanged. */
export function explainSqliteError(error: unknown): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error
  const fault = systemFault(error.code)
  if (fault !== null) return new StoreError(fault, {}, { cause: error })
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return new StoreError('store-busy', {}, { cause: error })
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(error.code)) {
    return new StoreError('store-damaged', {}, { cause: error })
  }
  return error
}
