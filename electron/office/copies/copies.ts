import { OfficeError } from '../errors.ts'
import type { OfficeParts } from '../parts.ts'
import { personOf } from '../people/access.ts'
import { settingsOf } from '../people/people.ts'
import type { CopyService } from '../service.ts'
import { createDecisions } from './decisions.ts'
import { createEditing } from './editing.ts'
import { copyRow, copyView, copyViews, pageRows, pageView, requireUnclaimed } from './rows.ts'
import { WAITING_FOR } from './state.ts'

export function createCopyService(parts: OfficeParts): CopyService {
  const { store, blobs, clock } = parts
  return {
    ...createEditing(parts),
    ...createDecisions(parts),

    read: async (actor, copyId) => {
      await personOf(store.reader, actor)
      return copyView(store.reader, actor.officeId, copyId)
    },

    pages: async (actor, copyId) => {
      await personOf(store.reader, actor)
      await copyRow(store.reader, actor.officeId, copyId)
      const rows = await pageRows(store.reader, actor.officeId, copyId)
      return rows.map(row => pageView(row, blobs))
    },

    list: async (actor, query = {}) => {
      await personOf(store.reader, actor)
      return copyViews(store.reader, actor.officeId, query)
    },

    queue: async actor => {
      const { roles } = await personOf(store.reader, actor)
      return copyViews(store.reader, actor.officeId, { states: roles.flatMap(role => WAITING_FOR[role]) })
    },

    // Claims are a courtesy between desks, gone after minutes: no version, no audit event. The version guards the work itself.
    claim: async (actor, copyId) => {
      const now = clock()
      return store.write(async writer => {
        await personOf(writer, actor)
        const { claimMinutes } = await settingsOf(writer, actor.officeId)
        requireUnclaimed(await copyRow(writer, actor.officeId, copyId), actor, now)
        await writer
          .updateTable('copy')
          .set({
            claimed_by: actor.personId,
            claimed_until: new Date(now.getTime() + claimMinutes * 60_000).toISOString(),
          })
          .where('office_id', '=', actor.officeId)
          .where('copy_id', '=', copyId)
          .execute()
        return copyView(writer, actor.officeId, copyId)
      })
    },

    release: async (actor, copyId) =>
      store.write(async writer => {
        await personOf(writer, actor)
        await writer
          .updateTable('copy')
          .set({ claimed_by: null, claimed_until: null })
          .where('office_id', '=', actor.officeId)
          .where('copy_id', '=', copyId)
          .where('claimed_by', '=', actor.personId)
          .execute()
        return copyView(writer, actor.officeId, copyId)
      }),

    file: async (actor, copyId, stage) => {
      await personOf(store.reader, actor)
      const row = await copyRow(store.reader, actor.officeId, copyId)
      const sha256 = row[`${stage}_sha256`]
      if (sha256 === null) throw new OfficeError('file-missing')
      return blobs.looked(sha256)
    },
  }
}
