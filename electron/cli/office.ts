import { rm } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import type { BatchOutcome, SignatureKind } from '../office/signing/batch.ts'
import { COPY_STATES, type CopyState, type CopyView, REFUSAL_GROUNDS, type Role } from '../office/types.ts'
import { importFiles } from '../scanners.ts'
import type { Run } from './ctdesk.ts'
import { actorOf, copyOf, type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { addAudit } from './office-audit.ts'
import { addBackup } from './office-backup.ts'
import { addBooks } from './office-books.ts'
import { addClock } from './office-clock.ts'
import { addDelivery } from './office-delivery.ts'
import { addWaysBackIn } from './office-password.ts'
import { addPeople } from './office-people.ts'
import { EXIT, failure, table, worstOf } from './output.ts'
import { type ScanOptions, scanIntoFolder, withScanOptions } from './pages.ts'
import { givenPin } from './pin.ts'
import { pinFor, type TokenOptions, withTokenOptions } from './token-options.ts'

const copyStateSchema = z.enum(COPY_STATES)

/** What a program is told of a copy: no paths, no personal data. */
const copyData = (copy: CopyView) => ({
  id: copy.id,
  state: copy.state,
  title: copy.title,
  number: copy.certification?.number ?? null,
  book: copy.certification?.book ?? null,
  date: copy.certification?.date ?? null,
  pages: copy.pageCount,
  fee: copy.fee,
  dueAt: copy.dueAt.toISOString(),
  receipt: copy.receipt,
  sha256: copy.sealedSha256,
  remark: copy.remark,
})

const copyRow = (copy: CopyView): readonly string[] => [
  copy.id.slice(-6),
  copy.state,
  copy.certification ? `${copy.certification.number} (${copy.certification.book})` : '–',
  `${copy.pageCount} trang`,
  copy.title,
]

const copyLine = (copy: CopyView): string => copyRow(copy).join('  ')

/** `ctdesk office …`: the office's work from a terminal. */
export function addOffice(program: Command, run: Run): void {
  const office = program
    .command('office')
    .description("the office's work: receive, submit, sign, seal, deliver, register …")
  addPeople(office, run)
  addWaysBackIn(office, run)
  addBooks(office, run)
  addDelivery(office, run)
  addAudit(office, run)
  addBackup(office, run)
  addClock(office, run)

  office.addCommand(
    deskCommand('receive', 'take a request over the desk; one --original for each paper')
      .requiredOption('--requester <name>', 'full name of the requester')
      .option('--personal-number <digits>', "12-digit personal number, the key of the citizen's store")
      .option('--email <address>')
      .option('--phone <number>')
      .requiredOption('--original <title>', 'title of a paper original; may stand several times', collect, [])
      .option('--kind <kind>', 'kind of paper', 'Giấy tờ khác')
      .requiredOption('--issuer <name>', 'who issued the original')
      .option('--copies <n>', 'copies certified from each original, the electronic one included', '1')
      .action((options: ReceiveOptions) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'officer', context)
            const request = await desk.office.requests.receive(actor, {
              requester: {
                name: options.requester,
                personalNumber: options.personalNumber ?? null,
                email: options.email ?? null,
                phone: options.phone ?? null,
              },
              originals: options.original.map(title => ({
                title,
                kind: options.kind,
                issuer: options.issuer,
                copyCount: Number(options.copies),
              })),
            })
            return {
              status: EXIT.done,
              data: { request: request.id, dueAt: request.dueAt.toISOString(), copies: request.copies.map(copyData) },
              lines: [`Hẹn trả: ${vietnamTime(request.dueAt)}`, ...table(request.copies.map(copyRow))],
            }
          }),
        ),
      ),
  )

  office.addCommand(
    withScanOptions(deskCommand('pages', 'add pages to a draft: image or PDF files, or --scan'))
      .argument('<copy>')
      .argument('[files...]')
      .option('--scan', 'scan them instead')
      .action((reference: string, files: readonly string[], options: DeskOptions & ScanOptions & { scan?: true }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'officer', context)
            let copy = await copyOf(desk.office, actor, reference)
            const incoming = options.scan
              ? scanIntoFolder(desk.scanner, options, desk.incomingFolder(copy.id), context)
              : importFiles(desk.scanner, files, desk.incomingFolder(copy.id), context.signal)
            for await (const page of incoming) {
              copy = await desk.office.copies.addPages(actor, copy, [page])
              // The office has it now; a citizen's paper lies nowhere else.
              await rm(page.path, { force: true })
            }
            return { status: EXIT.done, data: copyData(copy), lines: [copyLine(copy)] }
          }),
        ),
      ),
  )

  office.addCommand(
    deskCommand('submit', 'hand a compared copy to the signer')
      .argument('<copy>')
      .option('--compared', 'I compared the copy with the paper original')
      .option('--all-pages', 'every page of the original that carries information is in the copy')
      .option('--original-pages <n>', 'pages of the original, where they differ from the images')
      .action((reference: string, options: SubmitOptions) =>
        change(run, options, 'officer', reference, (desk, actor, copy) =>
          desk.office.copies.submit(actor, copy, {
            comparedWithOriginal: options.compared ?? false,
            allPagesPresent: options.allPages ?? false,
            ...(options.originalPages === undefined ? {} : { originalPages: Number(options.originalPages) }),
          }),
        ),
      ),
  )

  addSigning(
    office,
    run,
    'sign',
    'signature',
    'submitted',
    'signer',
    'sign copies with the signer’s token; all that wait, when none is named',
  )
  addSigning(
    office,
    run,
    'seal',
    'seal',
    'signed',
    'clerk',
    "apply the organisation's signature; to all that wait, when none is named",
  )

  office.addCommand(
    deskCommand('return', 'give a copy back for mending; its number stays')
      .argument('<copy>')
      .requiredOption('--reason <text>')
      .action((reference: string, options: DeskOptions & { reason: string }) =>
        change(run, options, 'signer', reference, (desk, actor, copy) =>
          desk.office.copies.returnForMending(actor, copy, options.reason),
        ),
      ),
  )
  office.addCommand(
    deskCommand('refuse', 'refuse in writing, on one of the six grounds of NĐ 23/2015 Đ22')
      .argument('<copy>')
      .requiredOption('--ground <1-6>')
      .requiredOption('--explanation <text>')
      .action((reference: string, options: DeskOptions & { ground: string; explanation: string }) =>
        change(run, options, 'officer', reference, (desk, actor, copy) =>
          desk.office.copies.refuse(actor, copy, groundSchema.parse(Number(options.ground)), options.explanation),
        ),
      ),
  )
  office.addCommand(
    deskCommand('withdraw', 'the requester takes the request back')
      .argument('<copy>')
      .requiredOption('--reason <text>')
      .action((reference: string, options: DeskOptions & { reason: string }) =>
        change(run, options, 'officer', reference, (desk, actor, copy) =>
          desk.office.copies.withdraw(actor, copy, options.reason),
        ),
      ),
  )
  office.addCommand(
    deskCommand('cancel', "take away a copy's legal value by decision (TT 01/2020 Đ7)")
      .argument('<copy>')
      .requiredOption('--decision <number>')
      .requiredOption('--date <yyyy-mm-dd>')
      .action((reference: string, options: DeskOptions & { decision: string; date: string }) =>
        change(run, options, 'signer', reference, (desk, actor, copy) =>
          desk.office.copies.cancel(actor, copy, { number: options.decision, date: options.date }),
        ),
      ),
  )

  office.addCommand(
    deskCommand('list', 'all copies, or those in the given states')
      .option('--state <states...>')
      .action((options: DeskOptions & { state?: readonly string[] }) =>
        run(context =>
          withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, 'officer', context)
            const copies = await desk.office.copies.list(
              actor,
              options.state ? { states: options.state.map(s => copyStateSchema.parse(s)) } : {},
            )
            return { status: EXIT.done, data: { copies: copies.map(copyData) }, lines: table(copies.map(copyRow)) }
          }),
        ),
      ),
  )
}

interface ReceiveOptions extends DeskOptions {
  readonly requester: string
  readonly personalNumber?: string
  readonly email?: string
  readonly phone?: string
  readonly original: readonly string[]
  readonly kind: string
  readonly issuer: string
  readonly copies: string
}

interface SubmitOptions extends DeskOptions {
  readonly compared?: true
  readonly allPages?: true
  readonly originalPages?: string
}

const groundSchema = z.literal(REFUSAL_GROUNDS)

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** Date and time as people in Vietnam read it. */
const vietnamTime = (time: Date): string =>
  time.toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' })

type Work = (
  desk: Parameters<Parameters<typeof withDesk>[1]>[0],
  actor: Awaited<ReturnType<typeof actorOf>>,
  copy: CopyView,
) => Promise<CopyView>

/** A command that changes one copy and shows it. */
function change(run: Run, options: DeskOptions, role: Role, reference: string, work: Work): Promise<void> {
  return run(context =>
    withDesk(options.office, async desk => {
      const actor = await actorOf(desk, options, role, context)
      const copy = await work(desk, actor, await copyOf(desk.office, actor, reference))
      return { status: EXIT.done, data: copyData(copy), lines: [copyLine(copy)] }
    }),
  )
}

function addSigning(
  office: Command,
  run: Run,
  name: string,
  kind: SignatureKind,
  state: CopyState,
  role: Role,
  description: string,
): void {
  office.addCommand(
    withTokenOptions(deskCommand(name, description))
      .argument('[copies...]')
      .action((references: readonly string[], options: DeskOptions & TokenOptions) =>
        run(async context => {
          using given = await givenPin(options)
          return await withDesk(options.office, async desk => {
            const actor = await actorOf(desk, options, role, context)
            const copies =
              references.length === 0
                ? await desk.office.copies.list(actor, { states: [state] })
                : await Promise.all(references.map(reference => copyOf(desk.office, actor, reference)))
            if (copies.length === 0) return { status: EXIT.done, data: { copies: [] }, lines: ['0 bản'] }
            const chosen = await desk.findToken(actor, kind, options)
            const pin = await pinFor(chosen, given, context)
            const outcomes: BatchOutcome[] = []
            for await (const outcome of desk.signBatch(actor, copies, kind, chosen, pin, {
              lastTryConfirmed: options.lastTry ?? false,
              keepPin: options.keepPin ?? false,
              signal: context.signal,
            })) {
              outcomes.push(outcome)
              context.say(outcome.result === 'done' ? `✓ ${copyLine(outcome.copy)}` : `✗ ${outcome.copyId.slice(-6)}`)
            }
            const failures = outcomes.flatMap(o => (o.result === 'failed' ? [failure(o.error, context.language)] : []))
            const notTried = outcomes.filter(o => o.result === 'not-tried').length
            const worst = worstOf(failures, notTried, context.language)
            return {
              status: worst?.status ?? EXIT.done,
              data: {
                copies: outcomes.map(o =>
                  o.result === 'done'
                    ? { ...copyData(o.copy), result: o.result }
                    : {
                        id: o.copyId,
                        result: o.result,
                        ...(o.result === 'failed' ? failure(o.error, context.language).data : {}),
                      },
                ),
                ...worst?.data,
              },
              lines:
                failures.length > 0 ? failures.flatMap(f => f.lines) : (worst?.lines ?? [`${outcomes.length} bản`]),
            }
          })
        }),
      ),
  )
}
