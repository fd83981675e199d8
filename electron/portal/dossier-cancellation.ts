import type { Cancellation, CancellationAttempt, DeliveryReceipt } from './adapter.ts'
import type { DeliveryMemory } from './delivery-memory.ts'
import { hasResult, isForeign } from './dossier-answers.ts'
import type { Conversation, DossierClient } from './dossier-client.ts'
import { cancellationBody } from './dossier-fields.ts'
import type { DossierSettings } from './dossier-settings.ts'
import { PortalError } from './errors.ts'

/** What a gateway answers where the operation does not exist. */
const NO_SUCH_OPERATION: ReadonlySet<unknown> = new Set([404, 405, 501])

/**
 * Tells the portal that a copy was cancelled (TT 01/2020 Đ7), by what the delivery has left in the memory. First it is looked up what the
 * portal has of the copy: a request of the delivery may have arrived although its answer never came, and may still be under way.
 */
export async function tellCancellation(
  cancellation: Cancellation,
  settings: DossierSettings,
  client: DossierClient,
  {
    memory,
    talk,
    delivered,
  }: Pick<CancellationAttempt, 'delivered'> & { readonly memory: DeliveryMemory; readonly talk: Conversation },
): Promise<DeliveryReceipt | null> {
  const earlier = memory.receipt('toldAt')
  if (earlier) return earlier
  const number = memory.get('maHoSo')
  if (number === undefined) {
    if (cancellation.receipt === null) return null
    // Delivered in another way than this one.
    throw new PortalError('cancellation-by-hand', { receipt: cancellation.receipt })
  }
  const settling = await memory.settling()
  const found = await client.lookUp(number, talk)
  const upload = memory.upload()
  const ours = found && !(upload && isForeign(found, upload)) ? found : null
  if (ours && upload && hasResult(ours, upload)) {
    await delivered(memory.receipt('confirmedAt') ?? (await memory.finish(ours.number, 'confirmedAt')))
  } else if (settling && !ours?.cancelledBy) throw settling
  if (!ours) return null
  if (!ours.cancelledBy) {
    const body = cancellationBody(cancellation, settings, { number: ours.number, id: ours.id }, upload)
    try {
      await memory.once('cancel', () => client.cancel(body, talk))
    } catch (error) {
      if (error instanceof PortalError && NO_SUCH_OPERATION.has(error.parameters['status']))
        throw new PortalError('cancellation-by-hand', { receipt: ours.number }, { cause: error })
      throw error
    }
  }
  return memory.finish(ours.number, 'toldAt')
}
