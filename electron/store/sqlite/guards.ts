import { type Kysely, sql } from 'kysely'

/** A trigger that refuses one way to change the past. */
export interface Guard {
  readonly name: string
  readonly sql: string
}

/** States from which on nothing of a copy changes but its state and what it is found by. */
const CERTIFIED = "('sealed', 'delivered', 'cancelled')"

/** Columns of a copy that its certification fixes. */
const FIXED = [
  ...['request_id', 'position', 'title', 'kind', 'issuer', 'copy_count', 'original_pages', 'fee', 'officer_id'],
  ...['signer_id', 'clerk_id', 'content', 'content_sha256', 'layout', 'composed_sha256', 'signed_sha256'],
  ...['sealed_sha256', 'signed_at', 'sealed_at'],
]

const guard = (name: string, event: string, table: string, when = 'true'): Guard => ({
  name,
  sql: `create trigger ${name} before ${event} on ${table} when ${when} begin select raise(abort, 'refused: ${name}'); end`,
})

const changed = (...columns: readonly string[]): string =>
  columns.map(column => `new.${column} is not old.${column}`).join(' or ')

/** The copy that a row belongs to is certified. */
const isCertified = (condition: string): string =>
  `exists (select 1 from copy where copy.office_id = old.office_id and ${condition} and copy.state in ${CERTIFIED})`

/**
 * What the database refuses, whoever asks: an event, a number, a book or a certified copy that is changed or removed. This is a fence against
 * accidents and hasty hands; whoever can write to the file can also take a trigger away, which the audit then tells.
 */
export const GUARDS: readonly Guard[] = [
  guard('audit_event_is_not_changed', 'update', 'audit_event'),
  guard('audit_event_is_not_removed', 'delete', 'audit_event'),
  guard('audit_head_is_not_removed', 'delete', 'audit_head'),
  guard('audit_head_goes_on', 'update', 'audit_head', 'new.sequence < old.sequence'),
  guard('number_is_not_removed', 'delete', 'certification_number'),
  guard(
    'number_is_not_changed',
    'update',
    'certification_number',
    `${changed('office_id', 'kind', 'year', 'number', 'book_id', 'copy_id', 'taken_at')} ` +
      `or (old.state = 'void' and (${changed('state', 'void_reason')})) ` +
      `or ((${changed('day', 'state')}) and ${isCertified('copy.copy_id = old.copy_id')} ` +
      "and old.state = 'used')",
  ),
  guard('number_series_is_not_removed', 'delete', 'number_series'),
  guard(
    'number_series_goes_on',
    'update',
    'number_series',
    'new.last_number < old.last_number or (old.closed_at is not null and new.closed_at is not old.closed_at)',
  ),
  guard('book_is_not_removed', 'delete', 'book'),
  guard(
    'book_is_not_changed',
    'update',
    'book',
    `${changed('kind', 'year', 'sequence', 'label', 'opened_at', 'opened_by')} ` +
      'or (old.closed_at is not null and new.closed_at is not old.closed_at)',
  ),
  guard('copy_is_not_removed', 'delete', 'copy'),
  guard(
    'certified_copy_is_not_changed',
    'update',
    'copy',
    `old.state in ${CERTIFIED} and (${changed(...FIXED)} or new.state not in ${CERTIFIED} ` +
      "or (old.state = 'delivered' and new.state = 'sealed') or (old.state = 'cancelled' and new.state <> 'cancelled'))",
  ),
  guard('ended_copy_stays_ended', 'update', 'copy', `old.state in ('refused', 'withdrawn') and ${changed('state')}`),
  guard('request_is_not_removed', 'delete', 'request'),
  guard(
    'certified_request_is_not_changed',
    'update',
    'request',
    `(${changed('requester_name', 'personal_number', 'received_at', 'received_by')}) ` +
      `and ${isCertified('copy.request_id = old.request_id')}`,
  ),
  guard('certified_page_is_not_removed', 'delete', 'page', isCertified('copy.copy_id = old.copy_id')),
  guard('certified_page_is_not_changed', 'update', 'page', isCertified('copy.copy_id = old.copy_id')),
  guard('person_is_not_removed', 'delete', 'person'),
  guard('office_is_not_removed', 'delete', 'office'),
  guard('archive_is_not_removed', 'delete', 'archive'),
  guard('exchange_is_not_removed', 'delete', 'exchange'),
  guard('exchange_is_not_changed', 'update', 'exchange'),
]

/** What is known of restored numbers stands for ever. */
export const RESTORED_GUARDS: readonly Guard[] = [
  guard('restored_number_is_not_changed', 'update', 'restored_number'),
  guard('restored_number_is_not_removed', 'delete', 'restored_number'),
]

/** The triggers as the database keeps them: those that are missing, or are not as they were made. */
export async function missingGuards(database: Pick<Kysely<never>, 'getExecutor'>): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string; readonly sql: string }>`
    select name, sql from sqlite_schema where type = 'trigger'`.execute(database)
  const there = new Map(rows.map(row => [row.name, row.sql.toLowerCase()]))
  return [...GUARDS, ...RESTORED_GUARDS]
    .filter(each => there.get(each.name) !== each.sql.toLowerCase())
    .map(({ name }) => name)
}
