import type { Exchange } from '../../portal/adapter.ts'
import type { Reader, Store } from '../../store/store.ts'

/** Keeps what was sent for a copy and what came back; `id` sorts by age. */
export async function saveExchange(
  store: Store,
  officeId: string,
  copyId: string,
  id: string,
  exchange: Exchange,
): Promise<void> {
  const { sentAt, errorCode, ...same } = exchange
  await store.write(writer =>
    writer
      .insertInto('exchange')
      .values({
        office_id: officeId,
        copy_id: copyId,
        exchange_id: id,
        sent_at: sentAt.toISOString(),
        error_code: errorCode,
        ...same,
      })
      .execute(),
  )
}

/** All that went between the office and the portal about a copy, oldest first. */
export async function exchangesOf(reader: Reader, officeId: string, copyId: string): Promise<readonly Exchange[]> {
  const rows = await reader
    .selectFrom('exchange')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .orderBy('exchange_id')
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
