import type { Command } from 'commander'
import type { Run } from './ctdesk.ts'
import { type DeskOptions, deskCommand, personNamed, personOf, withDesk } from './desk-options.ts'
import { EXIT } from './output.ts'

/** `ctdesk office password-remove`, `admin-restore`: the ways back in for whoever owns the PC. They ask no password and act for no person. */
export function addWaysBackIn(office: Command, run: Run): void {
  office.addCommand(
    deskCommand(
      'password-remove',
      "take away a forgotten password; needs the office's files, and stands in its audit chain",
    )
      .argument('<person>', 'name, id, or a role that one person has')
      .action((person: string, options: DeskOptions) =>
        run(() =>
          withDesk(options.office, async desk => {
            const { id } = await personOf(desk, person)
            const { name } = await desk.office.people.removePassword(desk.officeId, id)
            return { status: EXIT.done, data: { person: id }, lines: [`✓ ${name}`] }
          }),
        ),
      ),
  )
  office.addCommand(
    deskCommand(
      'admin-restore',
      "make somebody an active administrator again; needs the office's files, and stands in its audit chain",
    )
      .requiredOption('--person <person>', 'name or id, also of somebody who has left')
      .action((options: DeskOptions & { person: string }) =>
        run(() =>
          withDesk(options.office, async desk => {
            const { id } = personNamed(await desk.people(), options.person)
            const { name } = await desk.office.people.restoreAdministrator(desk.officeId, id)
            return { status: EXIT.done, data: { person: id }, lines: [`✓ ${name}`] }
          }),
        ),
      ),
  )
}
