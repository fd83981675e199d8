import type { Store, Writer } from '../../store/store.ts'
import { type AuditData, appendEvent, CLOCK_ACCEPTED, type Doer } from '../audit/chain.ts'
import { clockHead, judgeClock, seenTime } from '../audit/clock.ts'
import { enterUsedNumbers, type UsedNumber } from '../register/restored.ts'

/**
 * What a restored office writes down before anybody works in it, in one transaction: the numbers used since the backup, never to be given
 * again, and from which backup it comes. What waited for delivery may have been delivered since, so it waits for a person who looks first.
 */
export async function beginAfterRestore(
  store: Store,
  officeId: string,
  at: Date,
  used: readonly UsedNumber[],
  backup: AuditData,
): Promise<{ readonly deliveriesHeld: number }> {
  const doer = { officeId, actorId: null, at }
  return store.write(async writer => {
    await acceptLongGap(writer, doer)
    await enterUsedNumbers(writer, doer, used)
    const { numUpdatedRows } = await writer
      .updateTable('outbox')
      .set({ state: 'needs-person', error_code: 'delivery-after-restore', lease_id: null, lease_until: null })
      .where('office_id', '=', officeId)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    const deliveriesHeld = Number(numUpdatedRows)
    await appendEvent(writer, doer, {
      action: 'office-restored',
      subject: officeId,
      data: { ...backup, numbers: used.length, deliveriesHeld },
    })
    return { deliveriesHeld }
  })
}

/** However old the backup is: whoever restores it says that so much time has passed. */
async function acceptLongGap(writer: Writer, doer: Doer): Promise<void> {
  const { officeId, at } = doer
  const head = await clockHead(writer, officeId)
  const verdict = judgeClock(at, await seenTime(writer, officeId, head))
  if (verdict !== 'ahead') return
  await appendEvent(writer, doer, {
    action: CLOCK_ACCEPTED,
    subject: officeId,
    data: { verdict, before: head.at, witnessedAt: head.witnessed_at, authority: null, reason: null },
  })
}
