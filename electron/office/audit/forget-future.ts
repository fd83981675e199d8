import type { Writer } from '../../store/store.ts'

const DAY = 24 * 60 * 60 * 1000

/**
 * What a clock that ran ahead has put off, or reserved, until a day that is still to come: deliveries are due now, and nobody holds a copy any
 * more. What lasts less than a day may be somebody's work under way, and ends by itself.
 */
export async function forgetFuture(writer: Writer, officeId: string, now: Date): Promise<void> {
  const [here, tomorrow] = [now.toISOString(), new Date(now.getTime() + DAY).toISOString()]
  await writer
    .updateTable('outbox')
    .set({ next_at: here })
    .where('office_id', '=', officeId)
    .where('next_at', '>', here)
    .execute()
  await writer
    .updateTable('outbox')
    .set({ lease_id: null, lease_until: null })
    .where('office_id', '=', officeId)
    .where('lease_until', '>', tomorrow)
    .execute()
  await writer
    .updateTable('copy')
    .set({ claimed_by: null, claimed_until: null })
    .where('office_id', '=', officeId)
    .where('claimed_until', '>', tomorrow)
    .execute()
}
