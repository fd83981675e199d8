import { createHash } from 'node:crypto'
import type SqliteDatabase from 'better-sqlite3'
import { z } from 'zod'
import { canonicalJson, type Json } from '../../electron/office/canonical-json.ts'

const rowSchema = z.object({
  office_id: z.string(),
  sequence: z.number(),
  at: z.string(),
  actor_id: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  data: z.string(),
})

/** What somebody does who knows how the chain is made: hashes every event anew and sets the recorded end to the last one. */
export function rechain(database: SqliteDatabase.Database): void {
  const rows = z.array(rowSchema).parse(database.prepare('select * from audit_event order by sequence').all())
  let previous = '0'.repeat(64)
  database.prepare('delete from audit_event').run()
  rows.forEach((row, index) => {
    const event: Record<string, Json> = { ...row, sequence: index + 1, previous_hash: previous }
    const hash = createHash('sha256').update(canonicalJson(event), 'utf8').digest('hex')
    const columns = [...Object.keys(event), 'hash']
    database
      .prepare(`insert into audit_event (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
      .run(...Object.values(event), hash)
    previous = hash
  })
  database.prepare('update audit_head set sequence = ?, hash = ?').run(rows.length, previous)
}
