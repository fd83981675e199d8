import type { Reader, Writer } from '../../store/store.ts'
import { canonicalJson, type Json, sha256OfText } from '../canonical-json.ts'
import { OfficeError } from '../errors.ts'
import type { Actor, AuditVerdict } from '../types.ts'
import { requireClockAfter } from './clock.ts'

/**
 * Facts of an event: codes, hashes, numbers. Never a person's name, a personal number or what is said of a paper; the office's own name, a
 * decision's number and an administrator's reason for the clock are public.
 */
export type AuditData = Readonly<Record<string, string | number | null>>

export interface NewAuditEvent {
  readonly action: string
  /** Id of the copy, dossier, book … it happened to. */
  readonly subject: string
  readonly data?: AuditData
}

/** Who did it and when. `actorId` null: the program itself. */
export interface Doer {
  readonly officeId: string
  readonly actorId: string | null
  readonly at: Date
  /** As in `Actor`. */
  readonly via?: Actor['via']
}

export const doerOf = ({ officeId, personId, via }: Actor, at: Date): Doer => ({
  officeId,
  actorId: personId,
  at,
  ...(via ? { via } : {}),
})

/** The one event that may be older, or much newer, than its predecessor: a person vouches for the clock. */
export const CLOCK_ACCEPTED = 'clock-accepted'

const BEFORE_THE_FIRST = '0'.repeat(64)
const WALK = 1000

export async function startChain(writer: Writer, officeId: string, at: Date): Promise<void> {
  await writer
    .insertInto('audit_head')
    .values({ office_id: officeId, sequence: 0, hash: BEFORE_THE_FIRST, at: at.toISOString() })
    .execute()
}

/**
 * Adds an event to the office's chain, in the transaction of what it tells of. Every change of an office passes here, so here the clock is
 * held against what the office has seen of the time.
 * @throws OfficeError clock-went-back, clock-ahead, office-unknown
 */
export async function appendEvent(writer: Writer, doer: Doer, event: NewAuditEvent): Promise<void> {
  const head = await writer
    .updateTable('audit_head')
    .set(column => ({ sequence: column('sequence', '+', 1) }))
    .where('office_id', '=', doer.officeId)
    .returning(['sequence', 'hash', 'at', 'witnessed_at'])
    .executeTakeFirst()
  if (!head) throw new OfficeError('office-unknown')
  if (event.action !== CLOCK_ACCEPTED) await requireClockAfter(writer, doer.officeId, head, doer.at)
  const row = {
    office_id: doer.officeId,
    sequence: head.sequence,
    at: doer.at.toISOString(),
    actor_id: doer.actorId,
    action: event.action,
    subject: event.subject,
    data: canonicalJson({ ...event.data, ...(doer.via ? { via: doer.via } : {}) }),
    previous_hash: head.hash,
  }
  const hash = hashOf(row)
  await writer
    .insertInto('audit_event')
    .values({ ...row, hash })
    .execute()
  await writer.updateTable('audit_head').set({ hash, at: row.at }).where('office_id', '=', doer.officeId).execute()
}

function hashOf(row: Readonly<Record<string, Json>>): string {
  return sha256OfText(canonicalJson(row))
}

/** The last event, by number and hash. @throws OfficeError office-unknown */
export async function chainEnd(
  reader: Reader,
  officeId: string,
): Promise<{ readonly sequence: number; readonly hash: string }> {
  const end = await reader
    .selectFrom('audit_head')
    .select(['sequence', 'hash'])
    .where('office_id', '=', officeId)
    .executeTakeFirst()
  if (!end) throw new OfficeError('office-unknown')
  return end
}

/**
 * Walks the chain from its first event: each hash fits its event, each event its predecessor, no sequence is missing, the end is the one
 * recorded. Somebody who can rewrite the whole table can rewrite the whole chain; `known`, a hash printed earlier, tells even that.
 */
export async function verifyChain(
  reader: Reader,
  officeId: string,
  known?: { readonly sequence: number; readonly hash: string },
): Promise<AuditVerdict> {
  const end = await chainEnd(reader, officeId)
  let sequence = 0
  let head = BEFORE_THE_FIRST
  const broken = (at: number): AuditVerdict => ({ intact: false, events: sequence, head, brokenAt: at })
  while (sequence < end.sequence) {
    const rows = await reader
      .selectFrom('audit_event')
      .selectAll()
      .where('office_id', '=', officeId)
      .where('sequence', '>', sequence)
      .where('sequence', '<=', end.sequence)
      .orderBy('sequence')
      .limit(WALK)
      .execute()
    if (rows.length === 0) return broken(sequence + 1)
    for (const { hash, ...row } of rows) {
      const fits = row.sequence === sequence + 1 && row.previous_hash === head && hash === hashOf(row)
      if (!fits || (known?.sequence === row.sequence && known.hash !== hash)) return broken(sequence + 1)
      sequence = row.sequence
      head = hash
    }
  }
  if (head !== end.hash) return broken(sequence)
  if (known && known.sequence > sequence) return broken(sequence + 1)
  return { intact: true, events: sequence, head, brokenAt: null }
}
