import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeFileDurably } from '../files.ts'
import { StoreError } from './errors.ts'
import type { Reader } from './store.ts'

/** How far an office has come: the end of its chain of events, and the highest number of each register and year. */
export interface Head {
  readonly sequence: number
  readonly hash: string
  readonly numbers: readonly { readonly kind: string; readonly year: number; readonly highest: number }[]
}

/** By office. */
export type Heads = Readonly<Record<string, Head>>

export const headSchema = z.strictObject({
  sequence: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  numbers: z.array(
    z.strictObject({ kind: z.string().min(1), year: z.int().positive(), highest: z.int().nonnegative() }),
  ),
})
const fileSchema = z.strictObject({ format: z.literal(1), offices: z.record(z.string().min(1), headSchema) })

/** Null where there is none. @throws StoreError head-unreadable; errors of the file system as they are */
export async function readHeads(file: string): Promise<Heads | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    return fileSchema.parse(JSON.parse(text)).offices
  } catch (error) {
    throw new StoreError('head-unreadable', {}, { cause: error })
  }
}

export const writeHeads = (file: string, offices: Heads): Promise<void> =>
  writeFileDurably(file, `${JSON.stringify({ format: 1, offices }, null, 2)}\n`)

/** What the database itself says. */
export async function headsOf(reader: Reader): Promise<Heads> {
  const ends = await reader.selectFrom('audit_head').select(['office_id', 'sequence', 'hash']).execute()
  const series = await reader.selectFrom('number_series').select(['office_id', 'kind', 'year', 'last_number']).execute()
  const numbersOf = (officeId: string) =>
    series
      .filter(row => row.office_id === officeId)
      .map(({ kind, year, last_number }) => ({ kind, year, highest: last_number }))
  return Object.fromEntries(
    ends.map(({ office_id, sequence, hash }) => [office_id, { sequence, hash, numbers: numbersOf(office_id) }]),
  )
}

/**
 * The database has every event and number that was written down beside it.
 * @throws StoreError store-older-than-head: it is an older one, put back, or another one
 */
export async function requireNotOlder(reader: Reader, written: Heads): Promise<void> {
  const here = await headsOf(reader)
  for (const [officeId, head] of Object.entries(written)) {
    const numbers = here[officeId]?.numbers ?? []
    const lacks = head.numbers.some(
      ({ kind, year, highest }) =>
        highest > 0 && !numbers.some(each => each.kind === kind && each.year === year && each.highest >= highest),
    )
    const event = await reader
      .selectFrom('audit_event')
      .select('hash')
      .where('office_id', '=', officeId)
      .where('sequence', '=', head.sequence)
      .executeTakeFirst()
    if (lacks || event?.hash !== head.hash) throw new StoreError('store-older-than-head', { sequence: head.sequence })
  }
}
