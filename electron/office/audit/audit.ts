import { z } from 'zod'
import { vietnamDay } from '../calendar.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts, parseInput } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import type { AuditService } from '../service.ts'
import { type Anchor, type AnchorOccasion, anchorHead } from './anchors.ts'
import { appendEvent, CLOCK_ACCEPTED, chainEnd, type Doer, doerOf } from './chain.ts'
import { journalPage, journalQuerySchema, lastAnchor } from './journal.ts'
import { verifyRegister } from './verify-register.ts'

const dataSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

export function createAuditService(parts: OfficeParts): AuditService {
  const { store, blobs, clock, notary } = parts

  async function anchorNow(doer: Doer, occasion: AnchorOccasion, signal: AbortSignal | undefined): Promise<Anchor> {
    if (!notary) throw new OfficeError('timestamp-not-set')
    return anchorHead({ store, blobs, notary }, doer, occasion, signal)
  }

  return {
    verify: async (actor, options) => {
      await requireRole(store.reader, actor, 'admin', 'signer')
      return verifyRegister(parts, actor.officeId, options)
    },

    anchor: (officeId, occasion, { actorId = null, signal } = { actorId: null }) =>
      anchorNow({ officeId, actorId, at: clock() }, occasion, signal),

    anchorAsked: async (actor, signal) => {
      await requireRole(store.reader, actor, 'admin', 'signer')
      return anchorNow(doerOf(actor, clock()), 'asked', signal)
    },

    anchorDaily: async (officeId, signal) => {
      const at = clock()
      const last = await lastAnchor(store.reader, officeId)
      const { sequence } = await chainEnd(store.reader, officeId)
      const done = last && (last.sequence === sequence || vietnamDay(last.at) === vietnamDay(at))
      return notary && !done ? anchorNow({ officeId, actorId: null, at }, 'daily', signal) : null
    },

    events: async (actor, after = 0, limit = 1000) => {
      await personOf(store.reader, actor)
      const rows = await store.reader
        .selectFrom('audit_event')
        .selectAll()
        .where('office_id', '=', actor.officeId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows.map(row => ({
        sequence: row.sequence,
        at: new Date(row.at),
        actorId: row.actor_id,
        action: row.action,
        subject: row.subject,
        data: fromJson(dataSchema, row.data),
        previousHash: row.previous_hash,
        hash: row.hash,
      }))
    },

    journal: async (actor, query = {}) => {
      await requireRole(store.reader, actor, 'admin', 'signer')
      return journalPage(store.reader, actor.officeId, parseInput(journalQuerySchema, query))
    },

    journalState: async actor => {
      await requireRole(store.reader, actor, 'admin', 'signer')
      const { sequence, hash } = await chainEnd(store.reader, actor.officeId)
      const last = await lastAnchor(store.reader, actor.officeId)
      return { events: sequence, head: hash, lastAnchor: last?.at ?? null, canAnchor: notary !== null }
    },

    acceptClock: async actor => {
      await store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const doer = doerOf(actor, clock())
        await appendEvent(writer, doer, { action: CLOCK_ACCEPTED, subject: actor.officeId })
      })
    },
  }
}
