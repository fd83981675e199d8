import type { Command } from 'commander'
import { z } from 'zod'
import { findingExplainer } from '../finding-words.ts'
import type { KnownHead } from '../office/types.ts'
import type { Run } from './ctdesk.ts'
import { actorOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { CliError } from './errors.ts'
import { EXIT } from './output.ts'

const knownSchema = z
  .string()
  .regex(/^\d{1,15}:[0-9a-f]{64}$/)
  .transform(text => ({ sequence: Number(text.split(':')[0]), hash: text.split(':')[1] ?? '' }))

/** @throws CliError argument-invalid */
function knownHead(text: string): KnownHead {
  const parsed = knownSchema.safeParse(text)
  if (!parsed.success) throw new CliError('argument-invalid', { name: '--known', reason: 'SEQ:HASH' })
  return parsed.data
}

interface AuditCommandOptions extends DeskOptions {
  readonly known: readonly string[]
}

/** `office audit`: whether the register is true; `office anchor`: its end witnessed by the time-stamp authority. */
export function addAudit(office: Command, run: Run): void {
  office.addCommand(
    deskCommand('audit', 'hold register, files and anchors against the journal and say whether they are true')
      .option(
        '--known <seq:hash>',
        'a head of the journal that was kept outside, as printed with a register; may stand several times',
        (value: string, before: readonly string[]) => [...before, value],
        [],
      )
      .action((options: AuditCommandOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'admin', context)
            const verdict = await desk.office.audit.verify(actor, {
              known: options.known.map(knownHead),
              signal: context.signal,
              onFile: (done, all) => {
                if (done % 1000 === 0) context.say(`${done}/${all}`)
              },
            })
            const explain = findingExplainer(context.language)
            const findings = verdict.findings.map(found => ({ ...found, message: explain(found).what }))
            const { numbers, copies, files, anchors } = verdict.checked
            return {
              status: verdict.intact ? EXIT.done : EXIT.refused,
              data: { ...verdict, findings },
              lines: [
                ...findings.map(({ message }) => `✗ ${message}`),
                `${verdict.intact ? '✓' : '✗'} ${verdict.events} sự kiện, ${numbers} số, ${copies} bản sao, ${files} tệp, ` +
                  `${anchors} chứng nhận thời gian`,
                `${verdict.events}:${verdict.head}`,
              ],
            }
          }),
        ),
      ),
  )
  office.addCommand(
    deskCommand('anchor', "let the time-stamp authority witness the journal's end now").action((options: DeskOptions) =>
      run(context =>
        withDesk(options.office, async desk => {
          const actor = await actorOf(desk, options, 'admin', context)
          const anchor = await desk.office.audit.anchor(actor.officeId, 'asked', {
            actorId: actor.personId,
            signal: context.signal,
          })
          return {
            status: EXIT.done,
            data: { ...anchor },
            lines: [`✓ ${anchor.time.toISOString()}  ${anchor.sequence}:${anchor.hash}`],
          }
        }),
      ),
    ),
  )
  office.addCommand(
    deskCommand('settings-accept', 'stand for a settings.json that was changed outside the program').action(
      (options: DeskOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            await desk.office.audit.acceptSettings(await actorOf(desk, options, 'admin', context))
            return { status: EXIT.done, data: { office: desk.officeId }, lines: [`✓ ${options.office}/settings.json`] }
          }),
        ),
    ),
  )
}
