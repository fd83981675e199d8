import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiDesk } from '../../electron/api/context.ts'
import type { DeliveryOutcome } from '../../electron/office/service.ts'
import type { CopyState, CopyView } from '../../electron/office/types.ts'
import { PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { importFiles } from '../../electron/scanners.ts'
import type { Random } from '../fuzz/random.ts'
import { CITIZEN } from './citizen.ts'
import type { Done, Journal } from './journal.ts'

/** One process that works in the office as all its people at once. */
export interface Day {
  readonly desk: ApiDesk
  readonly journal: Journal
  readonly chance: Random
  /** Folder of the page that every original consists of. */
  readonly pages: string
  /** New requests come, and copies are given up, sent back and cancelled; else what is begun is brought to its end. */
  readonly busy: boolean
  /** Sends to the portal; null: others do. */
  readonly deliver: (() => Promise<readonly DeliveryOutcome[]>) | null
  readonly backup: (() => Promise<unknown>) | null
}

/** Errors that the crash of something else explains: who meets one tries again later. All others are findings. */
const BORNE = new Set([
  // another one was quicker, or has it on the desk
  ...[
    'copy-claimed',
    'copy-changed-meanwhile',
    'copy-state-wrong',
    'delivery-lease-lost',
    'delivery-not-waiting',
    'store-busy',
  ],
  // the token's process, the authority or the portal is away
  ...['token-failed', 'module-unusable', 'timestamp-unavailable'],
  // SoftHSM writes a token's file anew at a login: who looks at that moment, in another process, sees no token, or one without a PIN
  ...['no-token', 'pin-not-set'],
  // the disk
  ...['disk-full', 'disk-read-only', 'ENOSPC', 'EROFS'],
])
export const DISK_CODES: ReadonlySet<string> = new Set(['disk-full', 'disk-read-only', 'ENOSPC', 'EROFS'])

/** The office's requests come so far apart, whoever receives them: it must not grow faster than it can be examined. */
const PACE_MS = 4000
const AT_ONCE = 4
const RARE = 0.06

function codeOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return 'unexpected'
  // so Node says it where a folder cannot be made on a read-only disk, when those around it are to be made too
  const isReadOnly = error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir'
  return isReadOnly ? 'EROFS' : error.code
}

/** Does `work`; an error is written down, and the day goes on. */
export async function bearing(journal: Journal, step: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = codeOf(error)
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    journal.write(BORNE.has(code) ? { what: 'borne', step, code } : { what: 'unexpected', step, code, message })
  }
}

/** Everybody looks once at what waits for them, and does some of it. */
export async function workOnce(day: Day): Promise<void> {
  const steps = { receive, prepare, decide, sign, seal, cancel, deliver, archive, backup }
  for (const [step, work] of Object.entries(steps)) await bearing(day.journal, step, () => work(day))
}

/** Whether anything that a person or the program must still do waits. */
export async function anythingWaits({ desk, deliver }: Day): Promise<boolean> {
  const clerk = await practiceActor(desk, 'clerk')
  const states: readonly CopyState[] = ['draft', 'submitted', 'signed', ...(deliver ? (['sealed'] as const) : [])]
  const open = await desk.office.copies.list(clerk, { states })
  const untold = (await desk.office.delivery.cancellations(clerk)).filter(({ state }) => state !== 'done')
  const unarchived = await desk.office.archive.due(clerk)
  return open.length > 0 || (deliver && untold.length > 0) || unarchived.length > 0
}

function answered({ journal }: Day, step: Done['step'], copy: CopyView): void {
  const number = copy.certification === null ? null : Number(copy.certification.number)
  journal.write({ what: 'done', step, copyId: copy.id, number, sealedSha256: copy.sealedSha256 })
}

/** Some of the copies at these states. */
async function some(day: Day, role: 'officer' | 'signer' | 'clerk', ...states: readonly CopyState[]) {
  const actor = await practiceActor(day.desk, role)
  const copies = await day.desk.office.copies.list(actor, { states })
  const first = day.chance.below(Math.max(1, copies.length - AT_ONCE + 1))
  return { actor, copies: copies.slice(first, first + AT_ONCE) }
}

/** Whether something that happens now and then happens now. */
const rarely = (day: Day): boolean => day.busy && day.chance.next() < RARE

async function receive(day: Day): Promise<void> {
  if (!day.busy) return
  const officer = await practiceActor(day.desk, 'officer')
  const [newest] = await day.desk.office.copies.list(officer, { order: 'newest', limit: 1 })
  if (!newest || Date.now() - newest.receivedAt.getTime() > PACE_MS) await receiveRequest(day)
}

/** A request for one to three copies. */
export async function receiveRequest(day: Day): Promise<void> {
  const officer = await practiceActor(day.desk, 'officer')
  const originals = ['Giấy tờ thử 1 (mẫu)', 'Giấy tờ thử 2 (mẫu)', 'Giấy tờ thử 3 (mẫu)']
  const received = await day.desk.office.requests.receive(officer, {
    requester: { ...CITIZEN, email: null, phone: null },
    originals: originals
      .slice(day.chance.below(originals.length))
      .map(title => ({ title, kind: 'Giấy tờ khác', issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 })),
  })
  for (const copy of received.copies) answered(day, 'received', copy)
}

async function prepare(day: Day): Promise<void> {
  const { actor, copies } = await some(day, 'officer', 'draft')
  for (const draft of copies) {
    await bearing(day.journal, 'prepare', async () => {
      const { office, scanner, incomingFolder } = day.desk
      let copy = draft
      if (copy.pageCount === 0) {
        const names = (await readdir(day.pages)).map(name => join(day.pages, name))
        for await (const page of importFiles(scanner, names, incomingFolder(copy.id)))
          copy = await office.copies.addPages(actor, copy, [page])
      }
      const compared = { comparedWithOriginal: true, allPagesPresent: true }
      answered(day, 'submitted', await office.copies.submit(actor, copy, compared))
    })
  }
}

/** Withdrawn by the requester, sent back by the signer or the clerk. */
async function decide(day: Day): Promise<void> {
  const { copies } = day.desk.office
  const officer = await some(day, 'officer', 'draft', 'submitted')
  for (const copy of officer.copies.filter(() => rarely(day)))
    answered(day, 'withdrawn', await copies.withdraw(officer.actor, copy, 'Người yêu cầu rút (mẫu)'))
  const signer = await some(day, 'signer', 'submitted')
  for (const copy of signer.copies.filter(() => rarely(day)))
    await copies.returnForMending(signer.actor, copy, 'Trang mờ (mẫu)')
  const clerk = await some(day, 'clerk', 'signed')
  for (const copy of clerk.copies.filter(() => rarely(day)))
    await copies.returnForMending(clerk.actor, copy, 'Thiếu trang (mẫu)')
}

const sign = (day: Day): Promise<void> => withToken(day, 'signer')
const seal = (day: Day): Promise<void> => withToken(day, 'clerk')

async function withToken(day: Day, role: 'signer' | 'clerk'): Promise<void> {
  const { desk, journal } = day
  const [state, kind, token, step] =
    role === 'signer'
      ? (['submitted', 'signature', 'signer', 'signed'] as const)
      : (['signed', 'seal', 'organisation', 'sealed'] as const)
  const { actor, copies } = await some(day, role, state)
  if (copies.length === 0) return
  const { label, pin } = PRACTICE.tokens[token]
  const chosen = await desk.findToken(actor, kind, { token: label })
  await using session = await desk.tokens.open(chosen, { pin: Buffer.from(pin) })
  for await (const outcome of desk.signWith(session, actor, copies, kind, chosen)) {
    if (outcome.result === 'done') answered(day, step, outcome.copy)
    if (outcome.result === 'failed') await bearing(journal, step, () => Promise.reject(outcome.error))
  }
}

async function cancel(day: Day): Promise<void> {
  const { actor, copies } = await some(day, 'signer', 'sealed', 'delivered')
  // a delivered copy is looked at as long as the office works: rarely is often then
  const chosen = copies.filter(copy => rarely(day) && (copy.state === 'sealed' || day.chance.next() < RARE))
  for (const copy of chosen) {
    const decision = { number: `${copy.id.slice(-4)}/QĐ-UBND`, date: copy.certification?.date ?? '' }
    answered(day, 'cancelled', await day.desk.office.copies.cancel(actor, copy, decision))
  }
}

async function deliver(day: Day): Promise<void> {
  const { desk, journal } = day
  const clerk = await practiceActor(desk, 'clerk')
  // who restored the office looks, and the portal is asked before anything is sent
  for (const { copyId, errorCode } of await desk.office.delivery.waitingForPerson(clerk))
    if (errorCode === 'delivery-after-restore') await desk.office.delivery.retry(clerk, copyId)
  for (const { copyId, result, errorCode } of (await day.deliver?.()) ?? []) {
    if (result === 'delivered') answered(day, 'delivered', await desk.office.copies.read(clerk, copyId))
    if (result === 'needs-person')
      journal.write({ what: 'unexpected', step: 'deliver', code: errorCode ?? '', message: 'it waits for a person' })
  }
}

async function archive(day: Day): Promise<void> {
  const clerk = await practiceActor(day.desk, 'clerk')
  const due = await day.desk.office.archive.due(clerk)
  for (const copyId of due.slice(0, 2)) {
    await day.desk.office.archive.renew(clerk, copyId)
    answered(day, 'archived', await day.desk.office.copies.read(clerk, copyId))
  }
}

async function backup(day: Day): Promise<void> {
  if (rarely(day)) await day.backup?.()
}
