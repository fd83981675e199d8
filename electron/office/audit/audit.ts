import { vietnamDay } from '../calendar.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts, parseInput } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import { requireReason } from '../reason.ts'
import type { AuditService } from '../service.ts'
import { type Anchor, type AnchorOccasion, anchorHead } from './anchors.ts'
import { appendEvent, auditDataSchema, CLOCK_ACCEPTED, chainEnd, type Doer, doerOf } from './chain.ts'
import { clockDiffers, clockHead, isWorthSaying, judgeClock, secondsAhead, seenTime } from './clock.ts'
import { forgetFuture } from './forget-future.ts'
import { journalPage, journalQuerySchema, lastAnchor } from './journal.ts'
import { acceptSettings, noteSettings } from './settings-file.ts'
import { verifyRegister } from './verify-register.ts'

export function createAuditService(parts: OfficeParts): AuditService {
  const { store, blobs, clock, notary, authorityTime } = parts

  async function anchorNow(doer: Doer, occasion: AnchorOccasion, signal: AbortSignal | undefined): Promise<Anchor> {
    if (!notary) throw new OfficeError('timestamp-not-set')
    return anchorHead({ store, blobs, notary, clock }, doer, occasion, signal)
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

    clock: async actor => {
      await personOf(store.reader, actor)
      const head = await clockHead(store.reader, actor.officeId)
      const seen = await seenTime(store.reader, actor.officeId, head)
      const now = clock()
      const aheadSeconds = isWorthSaying(head.ahead_seconds ?? 0) ? (head.ahead_seconds ?? 0) : 0
      return { now, verdict: judgeClock(now, seen), ...seen, aheadSeconds }
    },

    authorityTime: async actor => {
      await personOf(store.reader, actor)
      return authorityTime?.() ?? null
    },

    acceptClock: async (actor, reason) => {
      await personOf(store.reader, actor)
      const asked = clock()
      const authority = (await authorityTime?.()) ?? null
      if (authority && isWorthSaying(secondsAhead({ from: asked, to: clock(), authority }))) {
        throw clockDiffers(asked, authority)
      }
      const vouched = authority?.toISOString() ?? null
      await store.write(async writer => {
        const now = clock()
        const head = await clockHead(writer, actor.officeId)
        const verdict = judgeClock(now, await seenTime(writer, actor.officeId, head))
        // To go on after a long closing is everyday; to go back leaves events of a time still to come.
        await (verdict === 'went-back' ? requireRole(writer, actor, 'admin') : personOf(writer, actor))
        if (verdict === 'right') return
        const why = reason === null ? null : requireReason(reason)
        if (verdict === 'went-back' && why === null) throw new OfficeError('reason-missing')
        await appendEvent(writer, doerOf(actor, now), {
          action: CLOCK_ACCEPTED,
          subject: actor.officeId,
          data: {
            verdict,
            before: head.at,
            witnessedAt: head.witnessed_at,
            authority: vouched,
            reason: why,
          },
        })
        if (verdict === 'went-back') await forgetFuture(writer, actor.officeId, now)
        await writer
          .updateTable('audit_head')
          .set({ witnessed_at: verdict === 'ahead' ? (vouched ?? head.witnessed_at) : vouched, ahead_seconds: null })
          .where('office_id', '=', actor.officeId)
          .execute()
      })
    },
  }
}
