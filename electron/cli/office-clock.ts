import type { Command } from 'commander'
import type { Run } from './ctdesk.ts'
import { actorOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { EXIT } from './output.ts'

/** `ctdesk office clock`, `clock-accept`: the PC's clock beside what the office has seen of the time, and the way on where the two disagree. */
export function addClock(office: Command, run: Run): void {
  office.addCommand(
    deskCommand('clock', "the PC's clock, the office's last event and the time-stamp authority's time").action(
      (options: DeskOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            const { audit } = desk.office
            const { now, verdict, last, witness, aheadSeconds } = await audit.clock(actor)
            const authority = await audit.authorityTime(actor)
            const data = { now, verdict, last, witness, authority, aheadSeconds }
            return {
              status: verdict === 'right' ? EXIT.done : EXIT.refused,
              data,
              lines: Object.entries(data).map(
                ([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : value}`,
              ),
            }
          }),
        ),
    ),
  )
  office.addCommand(
    deskCommand('clock-accept', "confirm that the PC's clock is right, after a long closing or after it once ran ahead")
      .option('--reason <text>', 'why; needed where the clock goes back, which the administrator confirms')
      .action((options: DeskOptions & { reason?: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            await desk.office.audit.acceptClock(actor, options.reason ?? null)
            const { now } = await desk.office.audit.clock(actor)
            return { status: EXIT.done, data: { now }, lines: [`✓ ${now.toISOString()}`] }
          }),
        ),
      ),
  )
}
