import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Desk, openDesk } from '../desk.ts'
import type { SignatureKind } from '../office/signing/batch.ts'
import type { Actor, CopyView } from '../office/types.ts'
import { drawPaper } from '../sandbox/papers.ts'
import { createPersonalStoreClient } from '../sandbox/portal-store-client.ts'
import { createPracticeOffice, PRACTICE, practiceActor } from '../sandbox/practice-office.ts'
import { type PracticeServices, startPracticeServices } from '../sandbox/practice-services.ts'
import { type SamplePaper, samplePapers } from '../sandbox/sample-papers.ts'
import { importFiles } from '../scanners.ts'
import type { Run } from './ctdesk.ts'
import { CliError } from './errors.ts'
import { type CommandContext, EXIT } from './output.ts'
import { scanIntoFolder } from './pages.ts'

/** The demo's citizens: invented, as the numbers are (no province has code 099). */
const citizens = [
  { name: 'Hoàng Minh Tuệ (mẫu)', personalNumber: '099090000017' },
  { name: 'Đặng Thị Ngọc Huyền (mẫu)', personalNumber: '099190000028' },
  { name: 'Vũ Quốc Khánh (mẫu)', personalNumber: '099085000039' },
  { name: 'Phan Thị Bích Phượng (mẫu)', personalNumber: '099188000041' },
] as const

/** How many pages the demo takes from SANE's test scanner. */
const SCANNED_PAGES = 2

interface Step {
  readonly name: string
  readonly ms: number
}

interface DemoCopy {
  readonly number: string
  readonly book: string
  readonly requester: string
  readonly title: string
  readonly sha256: string
  readonly file: string
  readonly steps: readonly Step[]
  readonly delivery: { readonly receipt: string; readonly retrievedSha256: string }
}

/** `ctdesk demo`: the whole main job in a practice office, from the paper to the citizen's store. */
export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('the whole job with a practice office, soft tokens, a test scanner and a practice portal')
    .option('--out <folder>', 'where the results go', 'demo-out')
    .option('--copies <n>', 'how many copies', '3')
    .action((options: { out: string; copies: string }) =>
      run(async context => {
        const wanted = Number(options.copies)
        if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1000)
          throw new CliError('argument-invalid', { name: '--copies', reason: options.copies })
        const copies = await demo(options.out, wanted, context)
        return {
          status: EXIT.done,
          data: { out: options.out, copies },
          lines: [
            `✓ ${copies.length} bản sao điện tử đã ký, đóng dấu và nằm trong kho của công dân.`,
            `  ${join(options.out, 'certified')}/  register.pdf  register.xlsx  report.json`,
          ],
        }
      }),
    )
}

async function demo(out: string, wanted: number, context: CommandContext): Promise<readonly DemoCopy[]> {
  await clearOldDemo(out)
  const officeFolder = join(out, 'office')
  const certified = join(out, 'certified')
  await mkdir(certified, { recursive: true })
  context.say(`Lập cơ quan tập dượt: ${PRACTICE.office}`)
  await createPracticeOffice(officeFolder, new Date())
  await using services = await startPracticeServices(officeFolder, () => new Date())
  const desk = await openDesk(officeFolder)
  try {
    const copies: DemoCopy[] = []
    for (let index = 0; index < wanted; index += 1)
      copies.push(await oneCopy(desk, services, index, certified, context))
    const clerk = await practiceActor(desk, 'clerk')
    const year = copies[0]?.book.slice(-'2026-SCT/BS'.length).slice(0, 4) ?? ''
    await desk.printRegister(clerk, `${year}-01-01`, `${year}-12-31`, out)
    await writeFile(join(out, 'report.json'), `${JSON.stringify({ copies }, null, 2)}\n`)
    return copies
  } finally {
    await desk.close()
  }
}

/** Removes what an earlier demo left; touches nothing else. @throws CliError output-not-ours */
async function clearOldDemo(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  const ours = new Set(['office', 'certified', 'register.pdf', 'register.xlsx', 'report.json'])
  const names = await readdir(out)
  if (names.some(name => !ours.has(name))) throw new CliError('output-not-ours', { directory: out })
  if (names.includes('office')) await readFile(join(out, 'office', 'practice', 'practice.json'))
  for (const name of names) await rm(join(out, name), { recursive: true })
}

/** One copy on its whole way, each step timed. */
async function oneCopy(
  desk: Desk,
  services: PracticeServices,
  index: number,
  certified: string,
  context: CommandContext,
): Promise<DemoCopy> {
  const officer = await practiceActor(desk, 'officer')
  const citizen = citizens[index % citizens.length] ?? citizens[0]
  const paper = paperFor(index)
  const steps: Step[] = []
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const result = await work()
    const ms = Math.round(performance.now() - start)
    steps.push({ name, ms })
    context.say(`  ${name.padEnd(8)} ${String(ms).padStart(6)} ms`)
    return result
  }

  context.say(`Bản ${index + 1}: ${paper?.title ?? SCANNED_TITLE} — ${citizen.name}`)
  const request = await timed('receive', () =>
    desk.office.requests.receive(officer, {
      requester: { ...citizen, email: null, phone: null },
      originals: [
        {
          title: paper?.title ?? SCANNED_TITLE,
          kind: 'Giấy tờ cá nhân',
          issuer: PRACTICE.office,
          copyCount: 1,
        },
      ],
    }),
  )
  let copy = first(request.copies)
  const files = paper ? await drawnPages(desk, paper, index) : null
  copy = await timed('scan', () => addPages(desk, officer, copy, files, context))
  copy = await timed('submit', () =>
    desk.office.copies.submit(officer, copy, { comparedWithOriginal: true, allPagesPresent: true }),
  )
  copy = await timed('sign', () => signOne(desk, copy, 'signature'))
  copy = await timed('seal', () => signOne(desk, copy, 'seal'))
  const [delivery] = await timed('deliver', () => desk.deliver({ copyId: copy.id, signal: context.signal }))
  if (delivery?.result !== 'delivered') throw new Error(`delivery: ${delivery?.errorCode ?? 'nothing was sent'}`)

  const clerk = await practiceActor(desk, 'clerk')
  copy = await desk.office.copies.read(clerk, copy.id)
  const { certification, sealedSha256, receipt } = copy
  if (!certification || sealedSha256 === null || receipt === null) throw new Error('the copy is not complete')
  const file = `${certification.number}-${certification.date.slice(0, 4)}.pdf`
  await copyFile(await desk.office.copies.file(clerk, copy.id, 'sealed'), join(certified, file))
  const retrieved = await timed('retrieve', () => readBack(services, citizen.personalNumber, sealedSha256))
  return {
    number: certification.number,
    book: certification.book,
    requester: citizen.name,
    title: copy.title,
    sha256: sealedSha256,
    file: join('certified', file),
    steps,
    delivery: { receipt, retrievedSha256: retrieved },
  }
}

const SCANNED_TITLE = 'Phiếu kiểm tra máy quét (mẫu)'

/** The paper of the n-th copy; null: a sheet from SANE's test scanner, every third time. */
function paperFor(index: number): SamplePaper | null {
  if (index % 3 === 1) return null
  const papers = samplePapers()
  return papers[(index - Math.floor((index + 1) / 3)) % papers.length] ?? null
}

/** Draws a sample paper as a scanner would have left it on disk. */
async function drawnPages(desk: Desk, paper: SamplePaper, seed: number): Promise<readonly string[]> {
  const pages = await drawPaper(paper.id, seed, join(desk.folder, 'practice', 'papers', String(seed)))
  return pages.map(page => page.path)
}

/** The officer's pages: imported files, or the first sheets in the test scanner's feeder. */
async function addPages(
  desk: Desk,
  officer: Actor,
  draft: CopyView,
  files: readonly string[] | null,
  context: CommandContext,
): Promise<CopyView> {
  const folder = desk.incomingFolder(draft.id)
  const quiet = { ...context, say: () => {} }
  const pages = files
    ? importFiles(desk.scanner, files, folder, context.signal)
    : scanIntoFolder(desk.scanner, TEST_SCAN, folder, quiet)
  let copy = draft
  for await (const page of pages) {
    copy = await desk.office.copies.addPages(officer, copy, [page])
    if (!files && copy.pageCount === SCANNED_PAGES) break
  }
  return copy
}

/** SANE's test device has a bed of 200 × 200 mm. */
const TEST_SCAN = {
  device: 'sane:test',
  source: 'feeder',
  sides: 'front',
  dpi: '200',
  colour: 'colour',
  paper: '148x200',
} as const

async function signOne(desk: Desk, copy: CopyView, kind: SignatureKind): Promise<CopyView> {
  const actor = await practiceActor(desk, kind === 'signature' ? 'signer' : 'clerk')
  const { label, pin } = PRACTICE.tokens[kind === 'signature' ? 'signer' : 'organisation']
  const chosen = await desk.findToken(actor, kind, { token: label })
  for await (const outcome of desk.signBatch(actor, [copy], kind, chosen, Buffer.from(pin))) {
    if (outcome.result === 'done') return outcome.copy
    if (outcome.result === 'failed') throw outcome.error
  }
  throw new Error('nothing was signed')
}

/** What the citizen finds in the personal store, read over HTTP. @returns its SHA-256 */
async function readBack(services: PracticeServices, personalNumber: string, expected: string): Promise<string> {
  const { url, credentials } = services.portal
  const store = createPersonalStoreClient({
    url,
    username: credentials.storeUsername,
    password: credentials.storePassword,
  })
  for (const paper of await store.papers(personalNumber, '')) {
    const { bytes, sha256 } = await store.file(paper)
    if (sha256 === expected && createHash('sha256').update(bytes).digest('hex') === expected) return sha256
  }
  throw new Error("the copy is not in the citizen's store")
}

function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new Error('nothing there')
  return one
}
