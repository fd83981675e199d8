import type { Selectable } from 'kysely'
import type { RequestTable } from '../../store/schema.ts'
import type { Reader } from '../../store/store.ts'
import { OfficeError } from '../errors.ts'

/** @throws OfficeError request-unknown */
export async function requestRow(
  reader: Reader,
  officeId: string,
  requestId: string,
): Promise<Selectable<RequestTable>> {
  const row = await reader
    .selectFrom('request')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
  if (!row) throw new OfficeError('request-unknown')
  return row
}
