import type { Reader } from '../../store/store.ts'
import { writtenNumber } from '../register/numbers.ts'
import type { Facts, FactsKind } from './facts.ts'
import { numberKey } from './ledger.ts'

/** What names a row to a person: by kind, key, and the copy that it is about. */
export type RowNames = (kind: FactsKind, key: string, copyId: string | null) => string

/** How people know a row: a copy by its number and book, a book by its label, everything else by the end of its id. */
export async function namesOf(reader: Reader, officeId: string): Promise<RowNames> {
  const numbers = await reader
    .selectFrom('certification_number as number')
    .innerJoin('book', join =>
      join.onRef('book.office_id', '=', 'number.office_id').onRef('book.book_id', '=', 'number.book_id'),
    )
    .select(['number.kind', 'number.year', 'number.number', 'number.copy_id', 'book.label'])
    .where('number.office_id', '=', officeId)
    .orderBy('number.number')
    .execute()
  const byCopy = new Map(numbers.map(each => [each.copy_id, `${writtenNumber(each.number)} (${each.label})`]))
  const byKey = new Map(numbers.map(each => [numberKey(each), `${writtenNumber(each.number)} (${each.label})`]))
  return (kind, key, copyId) => {
    if (kind === 'number' || kind === 'restored') return byKey.get(key) ?? key.split('/').slice(1).reverse().join('/')
    if (kind === 'series') return key.split('/').at(-1) ?? key
    if (kind === 'setting') return key
    return (copyId && byCopy.get(copyId)) ?? `…${key.slice(-6)}`
  }
}

const SHA256 = /^[0-9a-f]{64}$/

/** A fact as a sentence shows it; of a hash its beginning. */
export function shown(fact: Facts[string]): string | number {
  if (fact === null) return '–'
  return typeof fact === 'string' && SHA256.test(fact) ? `${fact.slice(0, 12)}…` : fact
}
