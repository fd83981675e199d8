import { type Kysely, sql } from 'kysely'

/**
 * Copies that were cancelled before the portal was told of such: what still waited to be sent goes out no more, and where a delivery had
 * begun or ended the portal is to be told.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    insert into outbox (office_id, copy_id, kind, state, checkpoint, next_at)
    select office_id, copy_id, 'cancel', 'waiting', checkpoint, next_at
    from outbox as delivery
    where kind = 'deliver'
      and (state = 'done' or attempts > 0 or lease_id is not null or error_code is not null or checkpoint <> '{}')
      and exists (
        select 1 from copy
        where copy.office_id = delivery.office_id and copy.copy_id = delivery.copy_id and copy.state = 'cancelled'
      )
  `.execute(database)
  await sql`
    update outbox set state = 'dropped', lease_id = null, lease_until = null
    where kind = 'deliver'
      and state in ('waiting', 'needs-person')
      and exists (
        select 1 from copy
        where copy.office_id = outbox.office_id and copy.copy_id = outbox.copy_id and copy.state = 'cancelled'
      )
  `.execute(database)
}
