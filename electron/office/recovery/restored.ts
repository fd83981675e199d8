import type { Store, Writer } from '../../store/store.ts'
import { type AuditData, appendEvent, type Doer } from '../audit/chain.ts'
import { copyRow } from '../copies/rows.ts'
import { moveCopy } from '../copies/transition.ts'
import { voidNumber } from '../register/numbers.ts'
import { enterUsedNumbers, restoredWords, type UsedNumber } from '../register/restored.ts'

/** A number that a sealed file bears. */
export interface SealedNumber {
  readonly kind: string
  readonly year: number
  readonly number: number
}

/** What the evidence says of the time after the backup. */
export interface SinceBackup {
  /** Numbers that the backup does not know. */
  readonly used: readonly UsedNumber[]
  /** Numbers that it knows, of files that were sealed since. */
  readonly sealed: readonly SealedNumber[]
}

/**
 * What a restored office writes down before anybody works in it, in one transaction: the numbers used since the backup, never to be given
 * again, and from which backup it comes. What waited for delivery may have been delivered since, so it waits for a person who looks first.
 */
export async function beginAfterRestore(
  store: Store,
  officeId: string,
  at: Date,
  { used, sealed }: SinceBackup,
  backup: AuditData,
): Promise<{ readonly deliveriesHeld: number; readonly voided: readonly SealedNumber[] }> {
  const doer: Doer = { officeId, actorId: null, at, mayBeLate: true }
  return store.write(async writer => {
    await enterUsedNumbers(writer, doer, used)
    const voided: SealedNumber[] = []
    for (const each of sealed) if (await voidSealedSince(writer, doer, each)) voided.push(each)
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
    return { deliveriesHeld, voided }
  })
}

/**
 * A copy that left the house sealed, while the backup has it unsealed, must not be signed a second time under the same number: the number is
 * void, and the copy goes back to the officer. @returns false where the number is no longer in use, or its copy is certified
 */
async function voidSealedSince(writer: Writer, doer: Doer, { kind, year, number }: SealedNumber): Promise<boolean> {
  const taken = await writer
    .selectFrom('certification_number')
    .select('copy_id')
    .where('office_id', '=', doer.officeId)
    .where('kind', '=', kind)
    .where('year', '=', year)
    .where('number', '=', number)
    .where('state', '=', 'used')
    .executeTakeFirst()
  if (!taken) return false
  const row = await copyRow(writer, doer.officeId, taken.copy_id)
  if (row.state !== 'draft' && row.state !== 'submitted' && row.state !== 'signed') return false
  await voidNumber(writer, doer, row.copy_id, 'restored')
  const forgotten = { content: null, content_sha256: null, layout: null, composed_sha256: null }
  const unsigned = { signed_sha256: null, signed_at: null, signer_id: null, remark: restoredWords.remark }
  if (row.state === 'draft')
    await writer
      .updateTable('copy')
      .set({ ...forgotten, ...unsigned, version: row.version + 1 })
      .where('office_id', '=', doer.officeId)
      .where('copy_id', '=', row.copy_id)
      .execute()
  else
    await moveCopy(
      writer,
      { ...doer, roles: ['signer', 'clerk'] },
      row,
      'return',
      { ...forgotten, ...unsigned },
      {
        signedSha256: row.signed_sha256,
      },
    )
  return true
}
