import { z } from 'zod'
import { HEAD_ANCHORED } from '../../store/blobs.ts'
import type { Reader } from '../../store/store.ts'
import { addDays, vietnamMoment } from '../calendar.ts'
import type { JournalPage } from '../types.ts'
import { AUDIT_ACTIONS, JOURNAL_PARTS } from './actions.ts'
import { aboutOf } from './journal-about.ts'
import { readData } from './ledger.ts'

const day = z.iso.date()

export const journalQuerySchema = z.strictObject({
  before: z.int().positive().optional(),
  from: day.optional(),
  to: day.optional(),
  personId: z.string().nullable().optional(),
  number: z.int().positive().optional(),
  part: z.enum(JOURNAL_PARTS).optional(),
})

const PAGE = 100

/** A page of the journal, the newest events first, each told as people know what it is about. */
export async function journalPage(
  reader: Reader,
  officeId: string,
  { before, from, to, personId, number, part }: z.infer<typeof journalQuerySchema>,
): Promise<JournalPage> {
  let events = reader
    .selectFrom('audit_event')
    .selectAll()
    .where('office_id', '=', officeId)
    .orderBy('sequence', 'desc')
    .limit(PAGE + 1)
  if (before !== undefined) events = events.where('sequence', '<', before)
  if (from !== undefined) events = events.where('at', '>=', vietnamMoment(from, '00:00').toISOString())
  if (to !== undefined) events = events.where('at', '<', vietnamMoment(addDays(to, 1), '00:00').toISOString())
  if (personId !== undefined) events = events.where('actor_id', personId === null ? 'is' : '=', personId)
  if (part !== undefined) {
    const actions = Object.entries(AUDIT_ACTIONS).filter(([, each]) => each.part === part)
    const names = actions.map(([action]) => action)
    events = events.where('action', 'in', names)
  }
  if (number !== undefined) {
    const copies = reader
      .selectFrom('certification_number')
      .select('copy_id')
      .where('office_id', '=', officeId)
      .where('number', '=', number)
    events = events.where(where =>
      where.or([
        where('subject', 'in', copies),
        where.and([where('action', '=', 'number-restored'), where('subject', 'like', `${number}/%`)]),
      ]),
    )
  }
  const rows = await events.execute()
  if (rows.length === 0) return { entries: [], more: false }
  // Facts and times that cannot be read are the audit's to tell; the event is shown all the same.
  const shown = rows.slice(0, PAGE).map(row => ({ ...row, data: readData(row.data) ?? {} }))
  const about = await aboutOf(reader, officeId, shown)
  return {
    entries: shown.map(row => ({
      sequence: row.sequence,
      at: readTime(row.at),
      personName: row.actor_id === null ? null : about.person(row.actor_id),
      unproven: row.data['via'] === 'command-line',
      action: row.action,
      about: about.subject(row),
    })),
    more: rows.length > PAGE,
  }
}

const LONG_AGO = new Date(0)

function readTime(text: string): Date {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? LONG_AGO : time
}

/** The last event that tells of an anchor. */
export async function lastAnchor(reader: Reader, officeId: string) {
  const event = await reader
    .selectFrom('audit_event')
    .select(['sequence', 'at'])
    .where('office_id', '=', officeId)
    .where('action', '=', HEAD_ANCHORED)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return event ? { sequence: event.sequence, at: readTime(event.at) } : null
}
