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
    const maker = new ItemMaker(desk, actor)
    const cancellations = new Map((await desk.office.delivery.cancellations(actor)).map(each => [each.copyId, each]))
    const cancelled = (await desk.office.copies.list(actor, { states: ['cancelled'], order: 'newest' })).filter(copy =>
      cancellations.has(copy.id),
    )
    const told = (await maker.copies(cancelled)).map((copy): DeliveryItem => {
      const notice = cancellations.get(copy.id)
      if (notice?.state === 'done') return { copy, state: 'told', error: null }
      const error = notice?.errorCode ? explain({ code: notice.errorCode }, host.language()) : null
      return { copy, state: notice?.state === 'needs-person' ? 'telling-needs-person' : 'telling', error }
    })
    const items = (await maker.copies(copies)).map((copy): DeliveryItem => {
      const code = waiting.get(copy.id)
      if (code !== undefined) return { copy, state: 'needs-person', error: explain({ code }, host.language()) }
      return { copy, state: copy.state === 'delivered' ? 'delivered' : 'sending', error: null }
    })
    return [...told, ...items]
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

  /** A person has told the portal, and the citizen, of a cancellation that the program could not tell. */
  toldByHand: personProcedure
    .input(copyIdSchema)
    .mutation(({ ctx: { desk, actor }, input }) => desk.office.delivery.toldByHand(actor, input.copyId)),

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
      const count = (...results: readonly string[]) => outcomes.filter(({ result }) => results.includes(result)).length
      yield {
        kind: 'finished',
        delivered: count('delivered'),
        told: count('told', 'nothing-to-tell'),
        waiting: count('later', 'needs-person'),
      }
    })
  }),
})
