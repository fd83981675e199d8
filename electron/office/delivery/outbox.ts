import type { ExpressionBuilder } from 'kysely'
import { z } from 'zod'
import type { Checkpoint } from '../../portal/adapter.ts'
import type { Database, OutboxTable } from '../../store/schema.ts'
import type { Reader, Store, Writer } from '../../store/store.ts'
import { OfficeError } from '../errors.ts'
import { fromJson } from '../parts.ts'

/** A row of the outbox that is ours until the lease ends. */
export interface LeasedDelivery {
  readonly kind: OutboxTable['kind']
  readonly copyId: string
  readonly checkpoint: Checkpoint
  /** Failed attempts so far. */
  readonly attempts: number
  readonly leaseId: string
}

const checkpointSchema: z.ZodType<Checkpoint> = z.record(z.string(), z.string())

export interface DueFilter {
  readonly officeId: string
  /** This copy only, also before its time. */
  readonly copyId?: string | undefined
  /** Copies already tried in this run. */
  readonly except: readonly string[]
}

/**
 * Takes the next due row: waiting, its time come, nobody's lease on it. One writer at a time gets it. Only a sealed copy is delivered, and
 * only of a cancelled one is its cancellation told, whatever else a row may say.
 */
export async function leaseNext(
  store: Store,
  filter: DueFilter,
  leaseId: string,
  now: Date,
  leaseMs: number,
): Promise<LeasedDelivery | null> {
  return store.write(async writer => {
    for (;;) {
      const row = await takeNext(writer, filter, leaseId, now, leaseMs)
      if (!row) return null
      const leased = { kind: row.kind, copyId: row.copy_id, attempts: row.attempts, leaseId }
      const checkpoint = readOrNull(row.checkpoint)
      if (checkpoint) return { ...leased, checkpoint }
      // Nobody knows how far this one came: it waits for a person, and keeps no other waiting.
      await settle(writer, filter.officeId, { ...leased, checkpoint: {} }, UNREADABLE)
    }
  })
}

const UNREADABLE: Settlement = {
  state: 'needs-person',
  error_code: 'row-unreadable',
  lease_id: null,
  lease_until: null,
}

function readOrNull(text: string): Checkpoint | null {
  try {
    return fromJson(checkpointSchema, text)
  } catch (error) {
    if (error instanceof OfficeError && error.code === 'row-unreadable') return null
    throw error
  }
}

async function takeNext(writer: Writer, filter: DueFilter, leaseId: string, now: Date, leaseMs: number) {
  let due = writer
    .selectFrom('outbox')
    .innerJoin('copy', join =>
      join.onRef('copy.office_id', '=', 'outbox.office_id').onRef('copy.copy_id', '=', 'outbox.copy_id'),
    )
    .select(['outbox.copy_id', 'outbox.kind'])
    .where('outbox.office_id', '=', filter.officeId)
    .where('outbox.state', '=', 'waiting')
    .where(where =>
      where.or([
        where.and([where('outbox.kind', '=', 'deliver'), where('copy.state', '=', 'sealed')]),
        where.and([where('outbox.kind', '=', 'cancel'), where('copy.state', '=', 'cancelled')]),
      ]),
    )
    .where(nobodysLease(now))
    .orderBy('outbox.next_at')
    .orderBy('outbox.copy_id')
    .limit(1)
  due =
    filter.copyId === undefined
      ? due.where('outbox.next_at', '<=', now.toISOString())
      : due.where('outbox.copy_id', '=', filter.copyId)
  if (filter.except.length > 0) due = due.where('outbox.copy_id', 'not in', filter.except)
  const found = await due.executeTakeFirst()
  if (!found) return null
  const row = await writer
    .updateTable('outbox')
    .set({ lease_id: leaseId, lease_until: leaseEnd(now, leaseMs) })
    .where('office_id', '=', filter.officeId)
    .where('kind', '=', found.kind)
    .where('copy_id', '=', found.copy_id)
    .where('state', '=', 'waiting')
    .where(nobodysLease(now))
    .returning(['copy_id', 'checkpoint', 'attempts'])
    .executeTakeFirst()
  return row ? { kind: found.kind, ...row } : null
}

/** Keeps what the adapter has achieved, and the lease alive. @throws OfficeError delivery-lease-lost: somebody else has taken over */
export async function saveCheckpoint(
  store: Store,
  officeId: string,
  leased: LeasedDelivery,
  checkpoint: Checkpoint,
  now: Date,
  leaseMs: number,
): Promise<void> {
  await store.write(writer =>
    settle(writer, officeId, leased, {
      checkpoint: JSON.stringify(checkpointSchema.parse(checkpoint)),
      lease_until: leaseEnd(now, leaseMs),
    }),
  )
}

/** @throws OfficeError delivery-lease-lost */
export async function renewLease(
  store: Store,
  officeId: string,
  leased: LeasedDelivery,
  now: Date,
  leaseMs: number,
): Promise<void> {
  await store.write(writer => settle(writer, officeId, leased, { lease_until: leaseEnd(now, leaseMs) }))
}

/** The row is still ours to work on. @throws OfficeError delivery-lease-lost: cancelled, or somebody else has taken over */
export async function requireLease(reader: Reader, officeId: string, leased: LeasedDelivery): Promise<void> {
  const row = await reader
    .selectFrom('outbox')
    .select('lease_id')
    .where('office_id', '=', officeId)
    .where('kind', '=', leased.kind)
    .where('copy_id', '=', leased.copyId)
    .where('state', '=', 'waiting')
    .where('lease_id', '=', leased.leaseId)
    .executeTakeFirst()
  if (!row) throw new OfficeError('delivery-lease-lost')
}

/** How soon an attempt notices that its copy was cancelled, by whatever process, milliseconds. */
const LOOK_EVERY_MS = 500

/**
 * Runs `work` and renews the lease meanwhile, so a slow upload is never started a second time beside the first. When the lease is lost all
 * the same (the copy was cancelled, or this process slept too long), the work's signal aborts.
 */
export async function keepingLease<Result>(
  lease: { readonly renew: () => Promise<void>; readonly everyMs: number; readonly look: () => Promise<void> },
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController()
  const abort = (error: unknown) => lost.abort(error)
  const timers = [
    setInterval(() => void lease.renew().catch(abort), lease.everyMs),
    setInterval(() => void lease.look().catch(abort), LOOK_EVERY_MS),
  ]
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal)
  } finally {
    for (const timer of timers) clearInterval(timer)
  }
}

export interface Settlement {
  readonly state?: 'waiting' | 'needs-person' | 'done'
  readonly checkpoint?: string
  readonly lease_id?: string | null
  readonly lease_until?: string | null
  readonly attempts?: number
  readonly next_at?: string
  readonly error_code?: string | null
  readonly receipt?: string
  readonly done_at?: string
}

/** Writes to a row that still waits, while the lease is ours. @throws OfficeError delivery-lease-lost */
export async function settle(
  writer: Writer,
  officeId: string,
  leased: LeasedDelivery,
  settlement: Settlement,
): Promise<void> {
  const written = await writer
    .updateTable('outbox')
    .set(settlement)
    .where('office_id', '=', officeId)
    .where('kind', '=', leased.kind)
    .where('copy_id', '=', leased.copyId)
    .where('state', '=', 'waiting')
    .where('lease_id', '=', leased.leaseId)
    .executeTakeFirst()
  if (written.numUpdatedRows !== 1n) throw new OfficeError('delivery-lease-lost')
}

function nobodysLease(now: Date) {
  return ({ eb, or }: ExpressionBuilder<Database, 'outbox'>) =>
    or([eb('lease_until', 'is', null), eb('lease_until', '<=', now.toISOString())])
}

function leaseEnd(now: Date, leaseMs: number): string {
  return new Date(now.getTime() + leaseMs).toISOString()
}

export async function rowsForPerson(
  reader: Reader,
  officeId: string,
): Promise<readonly { readonly copyId: string; readonly errorCode: string }[]> {
  const rows = await reader
    .selectFrom('outbox')
    .select(['copy_id', 'error_code'])
    .where('office_id', '=', officeId)
    .where('state', '=', 'needs-person')
    .orderBy('copy_id')
    .execute()
  return rows.map(row => ({ copyId: row.copy_id, errorCode: row.error_code ?? 'unexpected' }))
}
