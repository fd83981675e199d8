import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { sealProblem } from '../api/seal-problem.ts'
import { foundDesk } from '../desk.ts'
import { explain } from '../messages.ts'
import { type PersonView, ROLES } from '../office/types.ts'
import type { Run } from './ctdesk.ts'
import { actorOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { EXIT, table } from './output.ts'

const roleSchema = z.enum(ROLES)

const personRow = (person: PersonView): readonly string[] => [
  person.id.slice(-6),
  person.roles.join('+'),
  person.certificateSha256?.slice(0, 12) ?? '–',
  person.active ? '' : '(nghỉ)',
  person.name,
]

interface PersonOptions extends DeskOptions {
  readonly name: string
  readonly role: readonly string[]
  readonly title: readonly string[]
  readonly certificate?: string
  readonly image?: string
}

/** Making an office, its people and its seal. */
export function addPeople(office: Command, run: Run): void {
  office.addCommand(
    deskCommand('init', 'make a new office in an empty folder, with its first administrator')
      .requiredOption('--name <name>', 'name of the office')
      .requiredOption('--admin <name>', 'name of the administrator')
      .action((options: DeskOptions & { name: string; admin: string }) =>
        run(async () => {
          const officeId = await foundDesk(options.office, { name: options.name, administrator: options.admin })
          return {
            status: EXIT.done,
            data: { office: officeId, settings: `${options.office}/settings.json` },
            lines: [`✓ ${options.name}`, `  ${options.office}/settings.json`],
          }
        }),
      ),
  )
  office.addCommand(
    deskCommand('rename', 'mend the name that stands on every copy from now on')
      .requiredOption('--name <name>', 'as in the founding decision and on the seal')
      .action((options: DeskOptions & { name: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            const { id, name } = await desk.office.people.rename(actor, options.name)
            return { status: EXIT.done, data: { office: id, name }, lines: [`✓ ${name}`] }
          }),
        ),
      ),
  )
  office.addCommand(
    deskCommand('person', 'add a person with roles')
      .requiredOption('--name <name>')
      .requiredOption('--role <roles...>', 'officer, signer, clerk, admin')
      .option('--title <lines...>', 'lines above the name in the statement, e.g. "KT. CHỦ TỊCH" "PHÓ CHỦ TỊCH"', [])
      .option('--certificate <sha256>', "SHA-256 of the certificate on the person's token")
      .option('--image <png>', 'picture of the handwritten signature, blue on transparent ground')
      .action((options: PersonOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            const person = await desk.office.people.add(actor, {
              name: options.name,
              roles: options.role.map(r => roleSchema.parse(r)),
              signerTitle: options.title,
              certificateSha256: options.certificate ?? null,
            })
            if (options.image !== undefined)
              await desk.office.people.setSignatureImage(actor, person.id, await readFile(options.image))
            return { status: EXIT.done, data: { person: person.id }, lines: [personRow(person).join('  ')] }
          }),
        ),
      ),
  )
  office.addCommand(
    deskCommand('people', 'list the people').action((options: DeskOptions) =>
      run(() =>
        withDesk(options.office, async desk => {
          const people = await desk.people()
          return {
            status: EXIT.done,
            data: {
              people: people.map(({ id, roles, active, certificateSha256 }) => ({
                id,
                roles,
                active,
                certificateSha256,
              })),
            },
            lines: table(people.map(personRow)),
          }
        }),
      ),
    ),
  )
  office.addCommand(
    deskCommand('seal-certificate', "register the organisation's certificate and the picture of the seal")
      .requiredOption('--certificate <sha256>')
      .option('--image <png>', 'picture of the seal, red on transparent ground, real size')
      .action((options: DeskOptions & { certificate: string; image?: string }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            const problem = await sealProblem(desk, actor, options.certificate)
            const warning = problem && explain(problem, context.language)
            for (const line of warning ? [`! ${warning.what}`, `  ${warning.todo}`] : []) context.say(line)
            const view = await desk.office.people.setSeal(actor, {
              certificateSha256: options.certificate,
              ...(options.image === undefined ? {} : { png: await readFile(options.image) }),
            })
            return { status: EXIT.done, data: { ...view, warning: warning?.code ?? null }, lines: [`✓ ${view.name}`] }
          }),
        ),
      ),
  )
}
