import { vietnamDay } from '../calendar.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import type { AuditService } from '../service.ts'
import { type Anchor, type AnchorOccasion, anchorHead, HEAD_ANCHORED } from './anchors.ts'
import { appendEvent, auditDataSchema, CLOCK_ACCEPTED, chainEnd, type Doer, doerOf } from './chain.ts'
import { acceptSettings, noteSettings } from './settings-file.ts'
import { verifyRegister } from './verify-register.ts'

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

    anchorDaily: async (officeId, signal) => {
      const at = clock()
      const last = await store.reader
        .selectFrom('audit_event')
        .select(['sequence', 'at'])
        .where('office_id', '=', officeId)
        .where('action', '=', HEAD_ANCHORED)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst()
      const { sequence } = await chainEnd(store.reader, officeId)
      const done = last && (last.sequence === sequence || vietnamDay(new Date(last.at)) === vietnamDay(at))
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
        data: fromJson(auditDataSchema, row.data),
        previousHash: row.previous_hash,
        hash: row.hash,
      }))
    },

    noteSettings: (officeId, facts, by) => noteSettings(store, { officeId, actorId: null, at: clock() }, facts, by),

    acceptSettings: async actor => {
      await requireRole(store.reader, actor, 'admin')
      await acceptSettings(store, doerOf(actor, clock()))
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
