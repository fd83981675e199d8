import type { Command } from 'commander'
import { explain, type Language } from '../messages.ts'
import type { DeliveryOutcome } from '../office/service.ts'
import type { Run } from './ctdesk.ts'
import { actorOf, copyOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { EXIT, table } from './output.ts'

const UNFINISHED: ReadonlySet<DeliveryOutcome['result']> = new Set(['later', 'needs-person'])

function line({ copyId, result, errorCode, receipt }: DeliveryOutcome, language: Language): string {
  const said = (code: string) => explain({ code }, language).what
  const copy = copyId.slice(-6)
  if (errorCode !== null) return `… ${copy}  ${result}: ${errorCode}: ${said(errorCode)}`
  return `✓ ${copy}  ${[receipt, ...(result === 'delivered' ? [] : [said(`delivery-${result}`)])].filter(Boolean).join('  ')}`
}

/** `ctdesk office deliver | evidence`: sealed copies on their way, and the proof of it. */
export function addDelivery(office: Command, run: Run): void {
  office.addCommand(
    deskCommand('deliver', 'send what waits in the outbox to the portal')
      .option('--again <copy>', 'send this one again that waits for a person')
      .option('--told <copy>', 'a person has told the portal that this copy is cancelled')
      .action((options: DeskOptions & { again?: string; told?: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            if (options.again !== undefined) {
              const actor = await actorOf(desk, options, 'clerk', context)
              await desk.office.delivery.retry(actor, (await copyOf(desk.office, actor, options.again)).id)
            }
            if (options.told !== undefined) {
              const actor = await actorOf(desk, options, 'clerk', context)
              await desk.office.delivery.toldByHand(actor, (await copyOf(desk.office, actor, options.told)).id)
            }
            const outcomes = await desk.deliver({ signal: context.signal })
            return {
              status: outcomes.every(o => !UNFINISHED.has(o.result)) ? EXIT.done : EXIT.refused,
              data: { deliveries: outcomes },
              lines: outcomes.map(o => line(o, context.language)),
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
