import type { Cancellation, DeliveryReceipt } from '../../portal/adapter.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { appendEvent, type Doer } from '../audit/chain.ts'
import { deliveryFacts } from '../audit/facts.ts'
import { copyRow } from '../copies/rows.ts'
import { findBy } from '../copies/search.ts'
import { OfficeError } from '../errors.ts'
import type { CancellationNotice } from '../service.ts'

/**
 * Stops the delivery of a copy that is being cancelled: nobody begins it any more, and an attempt under way has lost its lease. Where the
 * other side may have seen anything of it, it is to be told (TT 01/2020 Đ7), at the earliest when the attempt can do nothing more.
 * @returns whether it is to be told
 */
export async function recall(writer: Writer, officeId: string, copyId: string, at: Date): Promise<boolean> {
  const delivery = await writer
    .selectFrom('outbox')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'deliver')
    .executeTakeFirst()
  if (!delivery) return false
  await writer
    .updateTable('outbox')
    .set({ state: 'dropped', lease_id: null, lease_until: null })
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'deliver')
    .where('state', 'in', ['waiting', 'needs-person'])
    .execute()
  const untouched =
    delivery.state === 'waiting' &&
    delivery.lease_id === null &&
    delivery.attempts === 0 &&
    delivery.error_code === null &&
    delivery.checkpoint === '{}'
  if (untouched) return false
  const now = at.toISOString()
  const { checkpoint, lease_until: leaseUntil } = delivery
  const nextAt = leaseUntil !== null && leaseUntil > now ? leaseUntil : now
  await writer
    .insertInto('outbox')
    .values({ office_id: officeId, copy_id: copyId, kind: 'cancel', state: 'waiting', checkpoint, next_at: nextAt })
    .execute()
  return true
}

/** The attempt that was under way has ended: nothing more to wait for. */
export async function tellSoon(writer: Writer, officeId: string, copyId: string, at: Date): Promise<void> {
  const now = at.toISOString()
  await writer
    .updateTable('outbox')
    .set({ next_at: now })
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'cancel')
    .where('state', '=', 'waiting')
    .where('attempts', '=', 0)
    .where('next_at', '>', now)
    .execute()
}

/** The other side holds a cancelled copy whose receipt had not come: the truth is written down, once, and the other side is to be told. */
export async function recordLateReceipt(
  writer: Writer,
  doer: Doer,
  copyId: string,
  { receipt, confirmedAt }: DeliveryReceipt,
  fileSha256: string | null,
): Promise<void> {
  const { officeId } = doer
  const written = await writer
    .updateTable('outbox')
    .set({ state: 'done', receipt, done_at: confirmedAt.toISOString(), error_code: null })
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'deliver')
    .where('state', '=', 'dropped')
    .executeTakeFirst()
  if (written.numUpdatedRows !== 1n) return
  await findBy(writer, officeId, copyId, receipt)
  await appendEvent(writer, doer, {
    action: 'delivered-though-cancelled',
    subject: copyId,
    data: { fileSha256, ...deliveryFacts({ receipt, done_at: confirmedAt.toISOString() }) },
  })
  // told already that it had nothing
  await writer
    .updateTable('outbox')
    .set({ state: 'waiting', next_at: doer.at.toISOString(), done_at: null })
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'cancel')
    .where('state', '=', 'done')
    .where('receipt', 'is', null)
    .execute()
}

/** What the other side is to be told. @throws OfficeError copy-state-wrong */
export async function cancellationOf(reader: Reader, officeId: string, copyId: string): Promise<Cancellation> {
  const {
    state,
    decision_number: decisionNumber,
    decision_date: decisionDate,
  } = await copyRow(reader, officeId, copyId)
  if (decisionNumber === null || decisionDate === null)
    throw new OfficeError('copy-state-wrong', { state, action: 'cancel' })
  const delivery = await reader
    .selectFrom('outbox')
    .select('receipt')
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('kind', '=', 'deliver')
    .executeTakeFirst()
  return { decisionNumber, decisionDate, receipt: delivery?.receipt ?? null }
}

/** Cancelled copies of which another side may know, and whether it has been told. */
export async function cancellationNotices(reader: Reader, officeId: string): Promise<readonly CancellationNotice[]> {
  const rows = await reader
    .selectFrom('outbox')
    .select(['copy_id', 'state', 'error_code', 'done_at'])
    .where('office_id', '=', officeId)
    .where('kind', '=', 'cancel')
    .orderBy('next_at', 'desc')
    .orderBy('copy_id')
    .execute()
  return rows.map(row => ({
    copyId: row.copy_id,
    state: row.state === 'done' ? 'done' : row.state === 'needs-person' ? 'needs-person' : 'waiting',
    errorCode: row.error_code,
    toldAt: row.done_at === null ? null : new Date(row.done_at),
  }))
}
