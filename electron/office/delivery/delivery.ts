import { DeskError } from '../../errors.ts'
import type { Checkpoint, DeliveryAdapter, DeliveryReceipt, Exchange } from '../../portal/adapter.ts'
import { retryDelay } from '../../portal/backoff.ts'
import { SYSTEM_FAULTS } from '../../system-fault.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { deliveryFacts } from '../audit/facts.ts'
import { copyRow } from '../copies/rows.ts'
import { findBy } from '../copies/search.ts'
import { moveCopy } from '../copies/transition.ts'
import { OfficeError } from '../errors.ts'
import type { OfficeParts } from '../parts.ts'
import { requireRole } from '../people/access.ts'
import type { DeliveryOutcome, DeliveryService } from '../service.ts'
import { exchangesOf, saveExchange } from './evidence.ts'
import {
  keepingLease,
  type LeasedDelivery,
  leaseNext,
  renewLease,
  rowsForPerson,
  saveCheckpoint,
  settle,
} from './outbox.ts'
import { parcelOf } from './parcel.ts'

const DEFAULT_LIMIT = 100
const DEFAULT_LEASE_MS = 2 * 60_000

/** Some days of trying with an hour between; then a person should know. */
const MOST_ATTEMPTS = 50

const usualBackoff = (attempt: number): number => retryDelay(attempt, 1)

/** Sends sealed copies to the citizens' stores: at least one attempt for each until its receipt is here, each receipt written once. */
export function createDeliveryService({ store, blobs, clock, newId }: OfficeParts): DeliveryService {
  /** sealed → delivered. A copy cancelled while it was on its way stays cancelled, but what the other side has is known. */
  async function recordReceipt(officeId: string, leased: LeasedDelivery, receipt: DeliveryReceipt): Promise<void> {
    const at = clock()
    await store.write(async writer => {
      const mover = { officeId, actorId: null, roles: ['program'] as const, at }
      await settle(writer, officeId, leased, {
        state: 'done',
        receipt: receipt.receipt,
        done_at: receipt.confirmedAt.toISOString(),
        lease_id: null,
        lease_until: null,
        error_code: null,
      })
      await findBy(writer, officeId, leased.copyId, receipt.receipt)
      const row = await copyRow(writer, officeId, leased.copyId)
      const doneAt = receipt.confirmedAt.toISOString()
      const data = {
        fileSha256: row.sealed_sha256,
        ...deliveryFacts({ receipt: receipt.receipt, done_at: doneAt }),
      }
      if (row.state === 'cancelled') {
        await appendEvent(writer, mover, { action: 'delivered-though-cancelled', subject: leased.copyId, data })
      } else {
        await moveCopy(writer, mover, row, 'deliver', {}, data)
      }
    })
  }

  /** Later again, or a person must look: the office loses nothing either way. An attempt that we broke off ourselves counts for nothing. */
  async function recordFailure(
    officeId: string,
    leased: LeasedDelivery,
    error: unknown,
    backoff: (attempt: number) => number,
    stopped: boolean,
  ): Promise<DeliveryOutcome> {
    const attempts = stopped ? leased.attempts : leased.attempts + 1
    const errorCode = codeOf(error)
    const again = stopped || (isRetriable(error) && attempts < MOST_ATTEMPTS)
    const pause = stopped ? 0 : backoff(attempts)
    await store.write(writer =>
      settle(writer, officeId, leased, {
        state: again ? 'waiting' : 'needs-person',
        attempts,
        error_code: errorCode,
        next_at: new Date(clock().getTime() + pause).toISOString(),
        lease_id: null,
        lease_until: null,
      }),
    )
    return { copyId: leased.copyId, result: again ? 'later' : 'needs-person', errorCode, receipt: null }
  }

  async function attempt(
    officeId: string,
    adapter: DeliveryAdapter,
    leased: LeasedDelivery,
    leaseMs: number,
    backoff: (attempt: number) => number,
    signal: AbortSignal | undefined,
  ): Promise<DeliveryOutcome> {
    try {
      const parcel = await parcelOf(store.reader, blobs, officeId, leased.copyId)
      const save = (checkpoint: Checkpoint) => saveCheckpoint(store, officeId, leased, checkpoint, clock(), leaseMs)
      const record = (exchange: Exchange) => saveExchange(store, officeId, leased.copyId, exchange)
      const receipt = await keepingLease(
        () => renewLease(store, officeId, leased, clock(), leaseMs),
        leaseMs / 3,
        signal,
        ours => adapter.deliver(parcel, { checkpoint: leased.checkpoint, save, record, signal: ours }),
      )
      await recordReceipt(officeId, leased, receipt)
      return { copyId: leased.copyId, result: 'delivered', errorCode: null, receipt: receipt.receipt }
    } catch (error) {
      if (isLeaseLost(error)) return { copyId: leased.copyId, result: 'later', errorCode: codeOf(error), receipt: null }
      return recordFailure(officeId, leased, error, backoff, signal?.aborted ?? false)
    }
  }

  return {
    run: async (officeId, adapter, options = {}) => {
      const { limit = DEFAULT_LIMIT, leaseMs = DEFAULT_LEASE_MS, backoff = usualBackoff, signal, copyId } = options
      const outcomes: DeliveryOutcome[] = []
      while (outcomes.length < limit && !signal?.aborted) {
        const except = outcomes.map(outcome => outcome.copyId)
        const leased = await leaseNext(store, { officeId, copyId, except }, newId(), clock(), leaseMs)
        if (!leased) break
        outcomes.push(await attempt(officeId, adapter, leased, leaseMs, backoff, signal))
      }
      return outcomes
    },

    waitingForPerson: async actor => {
      await requireRole(store.reader, actor, 'officer', 'clerk', 'admin')
      return rowsForPerson(store.reader, actor.officeId)
    },

    evidence: async (actor, copyId) => {
      await requireRole(store.reader, actor, 'officer', 'clerk', 'admin')
      return exchangesOf(store.reader, actor.officeId, copyId)
    },

    retry: async (actor, copyId) => {
      const at = clock()
      await store.write(async writer => {
        await requireRole(writer, actor, 'officer', 'clerk', 'admin')
        const written = await writer
          .updateTable('outbox')
          .set({ state: 'waiting', attempts: 0, next_at: at.toISOString(), error_code: null })
          .where('office_id', '=', actor.officeId)
          .where('copy_id', '=', copyId)
          .where('state', '=', 'needs-person')
          .executeTakeFirst()
        if (written.numUpdatedRows !== 1n) throw new OfficeError('delivery-not-waiting')
        await appendEvent(writer, doerOf(actor, at), { action: 'delivery-retried', subject: copyId })
      })
    },
  }
}

/** Our own errors that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([...SYSTEM_FAULTS, 'store-busy'])

/** Errors that say so themselves decide; what nobody foresaw is tried again, because the parcel is safe and the other side is asked first. */
function isRetriable(error: unknown): boolean {
  if (error instanceof Error && 'retriable' in error) return error.retriable === true
  return !(error instanceof DeskError) || PASSING.has(error.code)
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof OfficeError && error.code === 'delivery-lease-lost'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected'
}
