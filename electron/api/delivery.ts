import { explain } from '../messages.ts'
import { copyIdSchema } from './contract/copies.ts'
import { type DeliveryItem, type DeliveryNews, deliverSchema, type EvidenceItem } from './contract/delivery.ts'
import { ItemMaker } from './items.ts'
import { personProcedure, router } from './procedures.ts'

/** Of what arrived, the newest; older ones are found by searching. */
const DELIVERED_SHOWN = 100

/** Sealed copies on their way to the citizen's store. */
export const deliveryRouter = router({
  list: personProcedure.query(async ({ ctx: { desk, actor, host } }): Promise<readonly DeliveryItem[]> => {
    const waiting = new Map(
      (await desk.office.delivery.waitingForPerson(actor)).map(each => [each.copyId, each.errorCode]),
    )
    const copies = [
      ...(await desk.office.copies.list(actor, { states: ['sealed'] })),
      ...(await desk.office.copies.list(actor, { states: ['delivered'], order: 'newest', limit: DELIVERED_SHOWN })),
    ]
    const items = await new ItemMaker(desk, actor).copies(copies)
    return items.map(copy => {
      const code = waiting.get(copy.id)
      if (code !== undefined) return { copy, state: 'needs-person', error: explain({ code }, host.language()) } as const
      return { copy, state: copy.state === 'delivered' ? 'delivered' : 'sending', error: null } as const
    })
  }),

  /** What was sent to the portal for a copy and what it answered, oldest first. */
  evidence: personProcedure
    .input(copyIdSchema)
    .query(async ({ ctx: { desk, actor, host }, input }): Promise<readonly EvidenceItem[]> => {
      const exchanges = await desk.office.delivery.evidence(actor, input.copyId)
      return exchanges.map(({ errorCode, sentAt, ...exchange }) => ({
        ...exchange,
        sentAt: sentAt.toISOString(),
        error: errorCode === null ? null : explain({ code: errorCode }, host.language()),
      }))
    }),

  /** Puts one that waits for a person back into the queue; `run` or the program's own round sends it. */
  retry: personProcedure
    .input(copyIdSchema)
    .mutation(({ ctx: { desk, actor }, input }) => desk.office.delivery.retry(actor, input.copyId)),

  /** Sends what is due, or one copy at once. */
  run: personProcedure.input(deliverSchema).subscription(async function* ({
    ctx: { desk, host, session },
    input,
    signal,
  }): AsyncGenerator<DeliveryNews> {
    yield* session.jobs.run(input.jobId, signal, async function* (stop): AsyncGenerator<DeliveryNews> {
      const outcomes = await desk.deliver({
        signal: stop,
        ...(input.copyId === undefined ? {} : { copyId: input.copyId }),
      })
      if (outcomes.length > 0) host.changes.tell({ subject: 'copies' })
      for (const { copyId, result, receipt, errorCode } of outcomes) {
        const error = errorCode === null ? null : explain({ code: errorCode }, host.language())
        yield { kind: 'copy', copyId, result, receipt, error }
      }
      const delivered = outcomes.filter(outcome => outcome.result === 'delivered').length
      yield { kind: 'finished', delivered, waiting: outcomes.length - delivered }
    })
  }),
})
