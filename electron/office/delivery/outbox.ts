import type { ExpressionBuilder } from 'kysely'
import { z } from 'zod'
import type { Checkpoint } from '../../portal/adapter.ts'
import type { Database } from '../../store/schema.ts'
import type { Reader, Store, Writer } from '../../store/store.ts'
import { OfficeError } from '../errors.ts'
import { fromJson } from '../parts.ts'

/** A row of the outbox that is ours until the lease ends. */
export interface LeasedDelivery {
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

/** Takes the next due row: waiting, its time come, nobody's lease on it. One writer at a time gets it. */
export async function leaseNext(
  store: Store,
  filter: DueFilter,
  leaseId: string,
  now: Date,
  leaseMs: number,
): Promise<LeasedDelivery | null> {
  return store.write(async writer => {
    let due = writer
      .selectFrom('outbox')
      .select('copy_id')
      .where('office_id', '=', filter.officeId)
      .where('kind', '=', 'deliver')
      .where('state', '=', 'waiting')
      .where(nobodysLease(now))
      .orderBy('next_at')
      .orderBy('copy_id')
      .limit(1)
    due =
      filter.copyId === undefined
        ? due.where('next_at', '<=', now.toISOString())
        : due.where('copy_id', '=', filter.copyId)
    if (filter.except.length > 0) due = due.where('copy_id', 'not in', filter.except)
    const found = await due.executeTakeFirst()
    if (!found) return null
    const row = await writer
      .updateTable('outbox')
      .set({ lease_id: leaseId, lease_until: leaseEnd(now, leaseMs) })
      .where('office_id', '=', filter.officeId)
      .where('kind', '=', 'deliver')
      .where('copy_id', '=', found.copy_id)
      .where('state', '=', 'waiting')
      .where(nobodysLease(now))
      .returning(['copy_id', 'checkpoint', 'attempts'])
      .executeTakeFirst()
    if (!row) return null
    return {
      copyId: row.copy_id,
      checkpoint: fromJson(checkpointSchema, row.checkpoint),
      attempts: row.attempts,
      leaseId,
    }
  })
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

/**
 * Runs `work` and renews the lease meanwhile, so a slow upload is never started a second time beside the first. When the lease is lost all
 * the same (this process slept too long), the work's signal aborts.
 */
export async function keepingLease<Result>(
  renew: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew().catch((error: unknown) => lost.abort(error))
  }, everyMs)
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal)
  } finally {
    clearInterval(timer)
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

/** Writes to a row while the lease is ours. @throws OfficeError delivery-lease-lost */
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
    .where('kind', '=', 'deliver')
    .where('copy_id', '=', leased.copyId)
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
