import type { Kysely } from 'kysely'
import { type Heads, headsOf, readHeads, requireNotOlder, writeHeads } from './heads.ts'
import type { Database } from './schema.ts'

/**
 * The file beside the database that says how far the office has come. An older database, put back, lacks what it names, so it is told before a
 * number is given twice.
 */
export interface HeadWitness {
  /** Numbers were taken, yet the file is gone: nothing tells an older database any more. */
  readonly missing: boolean
  /** Writes the file from the database as it is. Whoever calls it has noted that in the chain of events. */
  renew(): Promise<void>
}

/** Events after which something stands in the register or has left the house: losing one of them must be noticed. */
const WITNESSED = [
  ...['number-taken', 'number-void', 'number-restored', 'office-restored'],
  ...['copy-sign', 'copy-seal', 'copy-deliver', 'copy-cancel', 'year-closed'],
]

/**
 * Compares the file with the database, and keeps it up from then on.
 * @throws StoreError store-older-than-head, head-unreadable; errors of the file system as they are
 */
export async function openHeadWitness(
  file: string,
  database: Kysely<Database>,
): Promise<HeadWitness & { follow(): Promise<void> }> {
  const written = await readHeads(file)
  if (written) await requireNotOlder(database, written)
  const here = await headsOf(database)
  let missing = !written && Object.values(here).some(head => head.numbers.some(({ highest }) => highest > 0))
  /** By office, up to which event nothing waits to be written down. */
  const settled = new Map(Object.entries(written ?? {}).map(([officeId, { sequence }]) => [officeId, sequence]))

  const settle = (heads: Heads): void => {
    for (const [officeId, { sequence }] of Object.entries(heads)) settled.set(officeId, sequence)
  }
  /**
   * A transaction of its own, that only reads: its write lock makes processes write the file one after the other, each what is committed, so
   * that it never goes back.
   */
  const write = (): Promise<void> =>
    database.transaction().execute(async transaction => {
      await requireNotOlder(transaction, (await readHeads(file)) ?? {})
      const heads = await headsOf(transaction)
      await writeHeads(file, heads)
      settle(heads)
    })

  const anythingWaits = async (): Promise<boolean> => {
    for (const { office_id, sequence } of await database
      .selectFrom('audit_head')
      .select(['office_id', 'sequence'])
      .execute()) {
      const from = settled.get(office_id) ?? 0
      if (from >= sequence) continue
      const found = await database
        .selectFrom('audit_event')
        .select('sequence')
        .where('office_id', '=', office_id)
        .where('sequence', '>', from)
        .where('action', 'in', WITNESSED)
        .limit(1)
        .executeTakeFirst()
      if (found) return true
      settled.set(office_id, sequence)
    }
    return false
  }

  const witness = {
    get missing() {
      return missing
    },
    renew: async () => {
      await write()
      missing = false
    },
    follow: async () => {
      // another process may have made it anew
      missing &&= !(await readHeads(file))
      if (!missing && (await anythingWaits())) await write()
    },
  }
  // A crash between a commit and its writing down is caught up here.
  await witness.follow()
  return witness
}
