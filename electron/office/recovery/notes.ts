import type { Store } from '../../store/store.ts'
import { appendEvent } from '../audit/chain.ts'
import { OfficeError } from '../errors.ts'

/**
 * Where the file beside the database is gone although numbers were taken, it is made anew, and the chain says so. Under a clock that ran back
 * nothing is written: it stays missing, which `audit` tells, until the clock is right.
 */
export async function renewMissingHead(store: Store, officeId: string, at: Date): Promise<void> {
  if (!store.head.missing) return
  try {
    await store.write(writer =>
      appendEvent(writer, { officeId, actorId: null, at }, { action: 'head-renewed', subject: officeId }),
    )
  } catch (error) {
    if (error instanceof OfficeError && error.code === 'clock-went-back') return
    throw error
  }
  await store.head.renew()
}
