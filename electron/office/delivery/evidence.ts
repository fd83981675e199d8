import type { Exchange } from '../../portal/adapter.ts'
import type { Reader, Store } from '../../store/store.ts'

/** Keeps what was sent for a copy and what came back. */
export async function saveExchange(store: Store, officeId: string, copyId: string, exchange: Exchange): Promise<void> {
  const { sentAt, errorCode, ...same } = exchange
  await store.write(async writer => {
    const last = await writer
      .selectFrom('exchange')
      .select(each => each.fn.max('sequence').as('sequence'))
      .where('office_id', '=', officeId)
      .where('copy_id', '=', copyId)
      .executeTakeFirst()
    await writer
      .insertInto('exchange')
      .values({
        office_id: officeId,
        copy_id: copyId,
        sequence: (last?.sequence ?? 0) + 1,
        sent_at: sentAt.toISOString(),
        error_code: errorCode,
        ...same,
      })
      .execute()
  })
}

/** All that went between the office and the portal about a copy, oldest first. */
export async function exchangesOf(reader: Reader, officeId: string, copyId: string): Promise<readonly Exchange[]> {
  const rows = await reader
    .selectFrom('exchange')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .orderBy('sequence')
    .execute()
  return rows.map(({ step, method, address, milliseconds, status, request, answer, ...row }) => ({
    step,
    method,
    address,
    sentAt: new Date(row.sent_at),
    milliseconds,
    status,
    request,
    answer,
    errorCode: row.error_code,
  }))
}
