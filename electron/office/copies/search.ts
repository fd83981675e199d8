import { sql } from 'kysely'
import type { Writer } from '../../store/store.ts'

/** Text as searched: without accents and case, "đ" as "d", so that "nguyen dinh" finds "Nguyễn Đình". */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

/** LIKE patterns of the words that must all stand in a copy's search text; `\\` makes a typed `%` an ordinary sign. */
export function searchPatterns(search: string): readonly string[] {
  return searchable(search)
    .split(/\s+/)
    .filter(word => word !== '')
    .map(word => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
}

/** Makes a copy found by what has become known of it: its number, its receipt. */
export async function findBy(writer: Writer, officeId: string, copyId: string, text: string): Promise<void> {
  await writer
    .updateTable('copy')
    .set({ search_text: sql<string>`search_text || ${`\n${searchable(text)}`}` })
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .execute()
}
