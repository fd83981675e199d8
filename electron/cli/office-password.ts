import type { Command } from 'commander'
import type { Run } from './ctdesk.ts'
import { actorOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { EXIT } from './output.ts'

/** `ctdesk office password-remove PERSON`: the way back in for whoever owns the PC, when the only administrator forgot the password. */
export function addPassword(office: Command, run: Run): void {
  office.addCommand(
    deskCommand(
      'password-remove',
      "take away a forgotten password; needs the office's files, and stands in its audit chain",
    )
      .argument('<person>', 'name, id, or a role that one person has')
      .action((person: string, options: DeskOptions) =>
        run(() =>
          withDesk(options.office, async desk => {
            const { officeId, personId } = await actorOf(desk, person)
            const { name } = await desk.office.people.removePassword(officeId, personId)
            return { status: EXIT.done, data: { person: personId }, lines: [`✓ ${name}`] }
          }),
        ),
      ),
  )
}
