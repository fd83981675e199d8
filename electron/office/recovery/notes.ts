import type { Head } from '../../store/heads.ts'
import type { Reader, Store } from '../../store/store.ts'
import { appendEvent } from '../audit/chain.ts'

const BACKUP_MADE = 'backup-made'

/**
 * Where the file beside the database is gone although numbers were taken, it is made anew, and the chain says so. Until then it is missing, which
 * `audit` tells.
 * @throws OfficeError clock-went-back, clock-ahead: nothing was written
 */
export async function renewMissingHead(store: Store, officeId: string, at: Date): Promise<void> {
  if (!store.head.missing) return
  await store.write(writer =>
    appendEvent(writer, { officeId, actorId: null, at }, { action: 'head-renewed', subject: officeId }),
  )
  await store.head.renew()
}

/** A backup is only told once it is whole: what it holds, by the hash of its manifest and the end of the chain in it. */
export function noteBackup(
  store: Store,
  officeId: string,
  at: Date,
  { manifestSha256, manifest }: { readonly manifestSha256: string; readonly manifest: { readonly head: Head } },
): Promise<void> {
  const { sequence, hash } = manifest.head
  return store.write(writer =>
    appendEvent(
      writer,
      { officeId, actorId: null, at },
      { action: BACKUP_MADE, subject: officeId, data: { manifestSha256, sequence, hash } },
    ),
  )
}

/** When the office was last backed up, as far as it remembers. */
export async function lastBackup(reader: Reader, officeId: string): Promise<Date | null> {
  const event = await reader
    .selectFrom('audit_event')
    .select('at')
    .where('office_id', '=', officeId)
    .where('action', '=', BACKUP_MADE)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return event ? new Date(event.at) : null
}
