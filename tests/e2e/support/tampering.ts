import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'

/** Changes the running practice office's database behind its back, as somebody with the file in hand, and lets it be undone. */
export function tamper(dataFolder: string): { readonly undo: () => void } {
  const change = (statements: readonly string[]) => {
    const database = new SqliteDatabase(join(dataFolder, 'practice-office', 'office.sqlite'))
    try {
      const fence = "select name, sql from sqlite_schema where type = 'trigger'"
      const guards = database.prepare<[], { name: string; sql: string }>(fence).all()
      database.transaction(() => {
        for (const { name } of guards) database.exec(`drop trigger ${name}`)
        for (const statement of statements) database.exec(statement)
        for (const { sql } of guards) database.exec(sql)
      })()
    } finally {
      database.close()
    }
  }
  change([
    'create table kept_day as select * from certification_number where number = 1',
    'create table kept_event as select * from audit_event where sequence = 5',
    "update certification_number set day = '2026-01-05' where number = 1",
    'update audit_event set actor_id = null where sequence = 5',
  ])
  return {
    undo: () =>
      change([
        'update certification_number set day = (select day from kept_day) where number = 1',
        'update audit_event set actor_id = (select actor_id from kept_event) where sequence = 5',
        'drop table kept_day',
        'drop table kept_event',
      ]),
  }
}
