import { z } from 'zod'
import { fromJson, type OfficeParts } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import type { AuditService } from '../service.ts'
import { appendEvent, CLOCK_ACCEPTED, doerOf, verifyChain } from './chain.ts'

const dataSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

export function createAuditService({ store, clock }: OfficeParts): AuditService {
  return {
    verify: async (actor, known) => {
      await personOf(store.reader, actor)
      return verifyChain(store.reader, actor.officeId, known)
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

    acceptClock: async actor => {
      await store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const doer = doerOf(actor, clock())
        await appendEvent(writer, doer, { action: CLOCK_ACCEPTED, subject: actor.officeId })
      })
    },
  }
}
