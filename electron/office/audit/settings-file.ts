import type { Store } from '../../store/store.ts'
import { fromJson } from '../parts.ts'
import { type AuditData, appendEvent, auditDataSchema, type Doer } from './chain.ts'

/** The settings of this PC's program that decide whom the office trusts and where its copies go, as the program wrote them. */
export const SETTINGS_WRITTEN = 'settings-written'
/** The same, found changed by another hand. */
export const SETTINGS_CHANGED_OUTSIDE = 'settings-changed-outside'
/** An administrator stands for what was changed by another hand. */
export const SETTINGS_ACCEPTED = 'settings-accepted'

const SETTINGS_EVENTS = [SETTINGS_WRITTEN, SETTINGS_CHANGED_OUTSIDE, SETTINGS_ACCEPTED]

/**
 * Notes how the settings stand, where that differs from what was noted last. A practice office's services write their addresses into its settings
 * at each start and nothing hangs on them; one that was ever a real office is no practice office, whatever its settings say.
 * @param by `program`: it has written them itself; `file`: it finds them so when it opens
 */
export async function noteSettings(store: Store, doer: Doer, facts: AuditData, by: 'program' | 'file'): Promise<void> {
  await store.write(async writer => {
    const last = await writer
      .selectFrom('audit_event')
      .select('data')
      .where('office_id', '=', doer.officeId)
      .where('action', 'in', SETTINGS_EVENTS)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!last && facts['practice'] === 1) return
    const noted = last ? fromJson(auditDataSchema, last.data) : {}
    if (Object.entries(facts).every(([name, fact]) => noted[name] === fact)) return
    const action = by === 'file' && last ? SETTINGS_CHANGED_OUTSIDE : SETTINGS_WRITTEN
    await appendEvent(writer, doer, { action, subject: doer.officeId, data: facts })
  })
}

/** The administrator's word on settings that another hand has changed. */
export async function acceptSettings(store: Store, doer: Doer): Promise<void> {
  await store.write(async writer => {
    const last = await writer
      .selectFrom('audit_event')
      .select(['action', 'data'])
      .where('office_id', '=', doer.officeId)
      .where('action', 'in', SETTINGS_EVENTS)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last?.action !== SETTINGS_CHANGED_OUTSIDE) return
    const { via: _, ...data } = fromJson(auditDataSchema, last.data)
    await appendEvent(writer, doer, { action: SETTINGS_ACCEPTED, subject: doer.officeId, data })
  })
}
