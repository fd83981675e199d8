import type { Command } from 'commander'
import type { Run } from './ctdesk.ts'
import { actorOf, copyOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { EXIT, table } from './output.ts'

/** `ctdesk office deliver | evidence`: sealed copies on their way, and the proof of it. */
export function addDelivery(office: Command, run: Run): void {
  office.addCommand(
    deskCommand('deliver', 'send what waits in the outbox to the portal')
      .option('--again <copy>', 'send this one again that waits for a person')
      .action((options: DeskOptions & { again?: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            if (options.again !== undefined) {
              const actor = await actorOf(desk, options, 'clerk', context)
              await desk.office.delivery.retry(actor, (await copyOf(desk.office, actor, options.again)).id)
            }
            const outcomes = await desk.deliver({ signal: context.signal })
            return {
              status: outcomes.every(o => o.result === 'delivered') ? EXIT.done : EXIT.refused,
              data: { deliveries: outcomes },
              lines: outcomes.map(o =>
                o.errorCode === null
                  ? `✓ ${o.copyId.slice(-6)}  ${o.receipt ?? ''}`
                  : `… ${o.copyId.slice(-6)}  ${o.result}: ${o.errorCode}`,
              ),
            }
          }),
        ),
      ),
  )

  office.addCommand(
    deskCommand('evidence', 'every request to the portal about a copy, with its answer')
      .argument('<copy>')
      .action((reference: string, options: DeskOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'clerk', context)
            const copy = await copyOf(desk.office, actor, reference)
            const exchanges = await desk.office.delivery.evidence(actor, copy.id)
            return {
              status: EXIT.done,
              data: { copyId: copy.id, exchanges },
              lines: table(
                exchanges.map(each => [
                  each.sentAt.toISOString(),
                  each.step,
                  String(each.status ?? each.errorCode),
                  `${each.milliseconds} ms`,
                  `${each.method} ${each.address}`,
                ]),
              ),
            }
          }),
        ),
      ),
  )
}
