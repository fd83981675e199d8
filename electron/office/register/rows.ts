import { z } from 'zod'
import { fillLine, type RegisterText, registerText } from '../../document/legal-text.ts'
import type { Reader } from '../../store/store.ts'
import { stateOf } from '../copies/rows.ts'
import { fromJson } from '../parts.ts'
import { contentSchema } from '../signing/content.ts'
import type { CopyState, RegisterRow } from '../types.ts'
import { COPY_REGISTER, VOID_REASONS, writtenNumber } from './numbers.ts'
import { restoredRows } from './restored.ts'

const voidReason = z.enum(VOID_REASONS)

const CERTIFIED: readonly CopyState[] = ['sealed', 'delivered']

/** How far the number has come. Certified is what is signed and sealed (NĐ 23/2015 Đ20 kh.3). */
function numberState(number: 'used' | 'void', copy: CopyState): RegisterRow['state'] {
  if (number === 'void') return 'void'
  if (copy === 'cancelled') return 'cancelled'
  return CERTIFIED.includes(copy) ? 'certified' : 'pending'
}

/** The numbers of one year, or those whose day lies in a period. */
export type RegisterPeriod = { readonly year: number } | { readonly from: string; readonly to: string }

/** The register's lines, by year and number: columns of SCT/BS. */
export async function registerRows(
  reader: Reader,
  officeId: string,
  period: RegisterPeriod,
): Promise<readonly RegisterRow[]> {
  const all = reader
    .selectFrom('certification_number as number')
    .innerJoin('book', join =>
      join.onRef('book.office_id', '=', 'number.office_id').onRef('book.book_id', '=', 'number.book_id'),
    )
    .innerJoin('copy', join =>
      join.onRef('copy.office_id', '=', 'number.office_id').onRef('copy.copy_id', '=', 'number.copy_id'),
    )
    .innerJoin('request', join =>
      join.onRef('request.office_id', '=', 'copy.office_id').onRef('request.request_id', '=', 'copy.request_id'),
    )
    .select([
      'number.year',
      'number.number',
      'number.day',
      'number.state as number_state',
      'number.void_reason',
      'book.label',
    ])
    .select(['copy.copy_id', 'copy.state', 'copy.title', 'copy.copy_count', 'copy.fee', 'copy.content'])
    .select(['copy.decision_number', 'copy.decision_date', 'request.requester_name'])
    .where('number.office_id', '=', officeId)
    .where('number.kind', '=', COPY_REGISTER)
  const chosen =
    'year' in period
      ? all.where('number.year', '=', period.year)
      : all.where('number.day', '>=', period.from).where('number.day', '<=', period.to)
  const { notes } = registerText()
  const known = (await chosen.execute()).map(row => {
    const state = numberState(row.number_state, stateOf(row))
    const counts = state === 'certified' || state === 'cancelled'
    const statement = row.content === null ? null : fromJson(contentSchema, row.content).statement
    const line: RegisterRow = {
      number: writtenNumber(row.number),
      book: row.label,
      date: row.day,
      requesterName: row.requester_name,
      title: row.title,
      signer: statement && state !== 'void' ? `${statement.signerName}, ${statement.signerTitle.join(' ')}` : '',
      copyCount: counts ? row.copy_count : 0,
      fee: counts ? (row.fee ?? 0) : 0,
      note: noteOf(state, row, notes),
      state,
      copyId: row.copy_id,
    }
    return { year: row.year, number: row.number, row: line }
  })
  const restored = await restoredRows(reader, officeId, COPY_REGISTER, period)
  return [...known, ...restored]
    .toSorted((one, other) => one.year - other.year || one.number - other.number)
    .map(({ row }) => row)
}

function noteOf(
  state: RegisterRow['state'],
  row: {
    readonly void_reason: string | null
    readonly decision_number: string | null
    readonly decision_date: string | null
  },
  notes: RegisterText['notes'],
): string {
  if (state === 'void') return notes.void[voidReason.parse(row.void_reason)] ?? ''
  if (state === 'pending') return notes.pending
  if (state !== 'cancelled') return ''
  return fillLine(notes.cancelled, { number: row.decision_number ?? '', date: row.decision_date ?? '' })
}
