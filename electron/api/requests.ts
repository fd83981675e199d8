import { extendSchema, receiveSchema, requestIdSchema } from './contract/requests.ts'
import { ItemMaker } from './items.ts'
import { newPrint } from './prints.ts'
import { personProcedure, router } from './procedures.ts'

/** Dossiers over the desk. */
export const requestsRouter = router({
  receive: personProcedure.input(receiveSchema).mutation(async ({ ctx: { desk, actor }, input }) => {
    const { receivedAt, exemptionId, ...request } = input
    const received = await desk.office.requests.receive(actor, {
      ...request,
      ...(receivedAt === undefined ? {} : { receivedAt: new Date(receivedAt) }),
      ...(exemptionId === undefined ? {} : { exemptionId }),
    })
    return new ItemMaker(desk, actor).request(received)
  }),

  read: personProcedure
    .input(requestIdSchema)
    .query(async ({ ctx: { desk, actor }, input }) =>
      new ItemMaker(desk, actor).request(await desk.office.requests.read(actor, input.requestId)),
    ),

  /** The receipt with the appointment, to look at or to print. */
  printReceipt: personProcedure.input(requestIdSchema).query(async ({ ctx: { desk, actor, host }, input }) => {
    const { printId, folder } = await newPrint(host)
    await desk.printReceipt(actor, input.requestId, folder)
    return { pdf: `/file/print/${printId}/receipt.pdf` }
  }),

  extend: personProcedure.input(extendSchema).mutation(async ({ ctx: { desk, actor }, input }) => {
    const { requestId, dueAt, ...extension } = input
    const extended = await desk.office.requests.extend(actor, requestId, { ...extension, dueAt: new Date(dueAt) })
    return new ItemMaker(desk, actor).request(extended)
  }),
})
