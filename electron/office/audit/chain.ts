import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { AuditEventTable } from '../../store/schema.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { canonicalJson, type Json, sha256OfText } from '../canonical-json.ts'
import { OfficeError } from '../errors.ts'
import type { Actor } from '../types.ts'
import type { AuditAction } from './actions.ts'
import { requireClockAfter } from './clock.ts'

/**
 * Facts of an event: codes, hashes, numbers. Never a person's name, a personal number or what is said of a paper; the office's own name, a
 * decision's number and an administrator's reason for the clock are public.
 */
export type AuditData = Readonly<Record<string, string | number | null>>

export const auditDataSchema: z.ZodType<AuditData> = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

export interface NewAuditEvent {
  readonly action: AuditAction
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
  /** An office begins after a loss: its last event is as old as its backup, and nobody is asked about the clock for that. */
  readonly mayBeLate?: true
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
  if (event.action !== CLOCK_ACCEPTED) {
    await requireClockAfter(writer, doer.officeId, head, doer.at, doer.mayBeLate ?? false)
  }
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

/** A row of the chain as the store holds it. */
export type EventRow = Selectable<AuditEventTable>

/** How the chain hangs together. */
export interface ChainVerdict {
  readonly events: number
  /** Hash of the last event. */
  readonly head: string
  /** Sequences of the events that do not fit their hash or their predecessor, or are missing. */
  readonly broken: readonly number[]
  /** What is recorded as the end is not the last event. */
  readonly endDiffers: boolean
}

/**
 * Walks the chain from its first event: each hash fits its event, each event its predecessor, no sequence is missing, the end is the one
 * recorded. Goes on behind an event that does not fit, so that one fault hides no other.
 * @param take hears every event in its order, also one that does not fit
 * @throws OfficeError office-unknown
 */
export async function walkChain(
  reader: Reader,
  officeId: string,
  take: (event: EventRow) => void = () => {},
): Promise<ChainVerdict> {
  const end = await chainEnd(reader, officeId)
  const broken: number[] = []
  let sequence = 0
  let head = BEFORE_THE_FIRST
  for (;;) {
    const rows = await reader
      .selectFrom('audit_event')
      .selectAll()
      .where('office_id', '=', officeId)
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(WALK)
      .execute()
    for (const row of rows) {
      const { hash, ...hashed } = row
      if (row.sequence !== sequence + 1) broken.push(sequence + 1)
      else if (row.previous_hash !== head || hash !== hashOf(hashed)) broken.push(row.sequence)
      sequence = row.sequence
      head = hash
      take(row)
    }
    if (rows.length < WALK) break
  }
  if (sequence < end.sequence) broken.push(sequence + 1)
  const endDiffers = end.sequence !== sequence || end.hash !== head
  return { events: sequence, head, broken, endDiffers }
}

/** The hash of an event; null where there is none of that number. */
export async function hashAt(reader: Reader, officeId: string, sequence: number): Promise<string | null> {
  if (sequence === 0) return BEFORE_THE_FIRST
  const row = await reader
    .selectFrom('audit_event')
    .select('hash')
    .where('office_id', '=', officeId)
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  return row?.hash ?? null
}
