import { DeskError } from '../../errors.ts'
import type { Checkpoint, DeliveryAdapter, DeliveryAttempt, DeliveryReceipt, Exchange } from '../../portal/adapter.ts'
import { retryDelay } from '../../portal/backoff.ts'
import { SYSTEM_FAULTS } from '../../system-fault.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { isClockDoubt, requireClock } from '../audit/clock.ts'
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
  requireLease,
  rowsForPerson,
  type Settlement,
  saveCheckpoint,
  settle,
} from './outbox.ts'
import { parcelOf } from './parcel.ts'
import { cancellationNotices, cancellationOf, recordLateReceipt, tellSoon } from './recall.ts'

const DEFAULT_LIMIT = 100
const DEFAULT_LEASE_MS = 2 * 60_000

/** Some days of trying with an hour between; then a person should know. */
const MOST_ATTEMPTS = 50

const usualBackoff = (attempt: number): number => retryDelay(attempt, 1)

/**
 * Sends sealed copies to the citizens' stores: at least one attempt for each until its receipt is here, each receipt written once. Of those
 * that were cancelled the other side is told in the same way.
 */
export function createDeliveryService({ store, blobs, clock, newId }: OfficeParts): DeliveryService {
  /** sealed → delivered. A copy cancelled while its last request was on its way stays cancelled, but what the other side has is known. */
  async function recordReceipt(officeId: string, leased: LeasedDelivery, receipt: DeliveryReceipt): Promise<void> {
    const at = clock()
    await store.write(async writer => {
      const mover = { officeId, actorId: null, roles: ['program'] as const, at }
      const row = await copyRow(writer, officeId, leased.copyId)
      if (row.state === 'cancelled') {
        await recordLateReceipt(writer, mover, leased.copyId, receipt, row.sealed_sha256)
        await tellSoon(writer, officeId, leased.copyId, at)
        return
      }
      await settle(writer, officeId, leased, done(receipt))
      await findBy(writer, officeId, leased.copyId, receipt.receipt)
      const facts = deliveryFacts({ receipt: receipt.receipt, done_at: receipt.confirmedAt.toISOString() })
      const data = { fileSha256: row.sealed_sha256, ...facts }
      await moveCopy(writer, mover, row, 'deliver', {}, data)
    })
  }

  /** The other side knows that the copy is cancelled, or knows nothing of the copy. */
  async function recordTold(officeId: string, leased: LeasedDelivery, told: DeliveryReceipt | null): Promise<void> {
    const at = clock()
    await store.write(async writer => {
      await settle(writer, officeId, leased, told ? done(told) : done({ confirmedAt: at }))
      const action = told ? 'cancellation-told' : 'cancellation-not-needed'
      const data = told ? { receipt: told.receipt } : {}
      await appendEvent(writer, { officeId, actorId: null, at }, { action, subject: leased.copyId, data })
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
    const errorCode = codeOf(error)
    const uncounted = stopped || isClockDoubt(error)
    const attempts = uncounted ? leased.attempts : leased.attempts + 1
    const again = uncounted || (isRetriable(error) && attempts < MOST_ATTEMPTS)
    const pause = stopped ? 0 : backoff(Math.max(attempts, 1))
    try {
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
    } catch (lost) {
      if (!isLeaseLost(lost)) throw lost
      return recordLoss(officeId, leased)
    }
    return { copyId: leased.copyId, result: again ? 'later' : 'needs-person', errorCode, receipt: null }
  }

  /** Somebody else has taken over, or the copy was cancelled: then the other side can be told at once. */
  async function recordLoss(officeId: string, { kind, copyId }: LeasedDelivery): Promise<DeliveryOutcome> {
    const { state } = await copyRow(store.reader, officeId, copyId)
    if (kind === 'cancel' || state !== 'cancelled')
      return { copyId, result: 'later', errorCode: 'delivery-lease-lost', receipt: null }
    await store.write(writer => tellSoon(writer, officeId, copyId, clock()))
    return { copyId, result: 'dropped', errorCode: 'delivery-copy-cancelled', receipt: null }
  }

  /** Does what the row asks for and writes down what came of it. */
  async function perform(
    officeId: string,
    adapter: DeliveryAdapter,
    leased: LeasedDelivery,
    attempt: DeliveryAttempt,
  ): Promise<DeliveryOutcome> {
    const { copyId } = leased
    await attempt.proceed()
    if (leased.kind === 'deliver') {
      const parcel = await parcelOf(store.reader, blobs, officeId, copyId, 'sealed')
      const receipt = await adapter.deliver(parcel, attempt)
      await recordReceipt(officeId, leased, receipt)
      return { copyId, result: 'delivered', errorCode: null, receipt: receipt.receipt }
    }
    const parcel = await parcelOf(store.reader, blobs, officeId, copyId, 'cancelled')
    const delivered = (receipt: DeliveryReceipt) =>
      store.write(writer => {
        const doer = { officeId, actorId: null, at: clock() }
        return recordLateReceipt(writer, doer, copyId, receipt, parcel.file.sha256)
      })
    const cancellation = await cancellationOf(store.reader, officeId, copyId)
    const told = await adapter.cancel(parcel, cancellation, { ...attempt, delivered })
    await recordTold(officeId, leased, told)
    return { copyId, result: told ? 'told' : 'nothing-to-tell', errorCode: null, receipt: told?.receipt ?? null }
  }

  async function attempt(
    officeId: string,
    adapter: DeliveryAdapter,
    leased: LeasedDelivery,
    leaseMs: number,
    backoff: (attempt: number) => number,
    signal: AbortSignal | undefined,
  ): Promise<DeliveryOutcome> {
    const save = (checkpoint: Checkpoint) => saveCheckpoint(store, officeId, leased, checkpoint, clock(), leaseMs)
    const record = (exchange: Exchange) => saveExchange(store, officeId, leased.copyId, exchange)
    const look = () => requireLease(store.reader, officeId, leased)
    const proceed = async () => {
      await look()
      // what could not be recorded afterwards is not begun
      await requireClock(store.reader, officeId, clock())
    }
    const renew = () => renewLease(store, officeId, leased, clock(), leaseMs)
    const { checkpoint } = leased
    try {
      return await keepingLease({ renew, everyMs: leaseMs / 3, look }, signal, ours =>
        perform(officeId, adapter, leased, { checkpoint, save, record, proceed, signal: ours }),
      )
    } catch (error) {
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

    cancellations: async actor => {
      await requireRole(store.reader, actor, 'officer', 'clerk', 'admin')
      return cancellationNotices(store.reader, actor.officeId)
    },

    toldByHand: async (actor, copyId) => {
      const at = clock()
      await store.write(async writer => {
        await requireRole(writer, actor, 'officer', 'clerk', 'admin')
        const written = await writer
          .updateTable('outbox')
          .set({ state: 'done', done_at: at.toISOString() })
          .where('office_id', '=', actor.officeId)
          .where('copy_id', '=', copyId)
          .where('kind', '=', 'cancel')
          .where('state', '=', 'needs-person')
          .executeTakeFirst()
        if (written.numUpdatedRows !== 1n) throw new OfficeError('delivery-not-waiting')
        await appendEvent(writer, doerOf(actor, at), { action: 'cancellation-told-by-hand', subject: copyId })
      })
    },
  }
}

const done = ({ receipt, confirmedAt }: { readonly receipt?: string; readonly confirmedAt: Date }): Settlement => ({
  state: 'done',
  ...(receipt === undefined ? {} : { receipt }),
  done_at: confirmedAt.toISOString(),
  lease_id: null,
  lease_until: null,
  error_code: null,
})

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
