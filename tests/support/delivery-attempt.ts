import type { Checkpoint, DeliveryAttempt, Exchange } from '../../electron/portal/adapter.ts'

/** What the outbox hands an adapter, with the parts that a test watches. */
export function attempt(
  checkpoint: Checkpoint = {},
  save: (checkpoint: Checkpoint) => Promise<void> = async () => {},
  others: {
    readonly record?: (exchange: Exchange) => Promise<void>
    readonly proceed?: () => Promise<void>
    readonly signal?: AbortSignal
  } = {},
): DeliveryAttempt {
  return { checkpoint, save, record: async () => {}, proceed: async () => {}, ...others }
}
