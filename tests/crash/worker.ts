/**
 * One run of the office, to be killed at any moment: it looks at what is there, as the three people do when they come back to their
 * desks, and goes on. With `--endless` it makes a new request whenever nothing waits, with `--one` a single one.
 *
 *   node tests/crash/worker.ts OFFICE_FOLDER PAGES_FOLDER [--endless | --one]
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Desk, openDesk } from '../../electron/desk.ts'
import { PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { importFiles } from '../../electron/scanners.ts'
import { CITIZEN } from './citizen.ts'

const [officeFolder = '', pagesFolder = '', ...flags] = process.argv.slice(2)
/** Three papers at once, so that a batch is under way when the program is killed. */
const ORIGINALS = ['Giấy tờ thử 1 (mẫu)', 'Giấy tờ thử 2 (mẫu)', 'Giấy tờ thử 3 (mẫu)']

let newRequests = flags.includes('--endless') ? Number.POSITIVE_INFINITY : flags.includes('--one') ? 1 : 0

async function officerDay(desk: Desk): Promise<boolean> {
  const officer = await practiceActor(desk, 'officer')
  const drafts = await desk.office.copies.list(officer, { states: ['draft'] })
  if (drafts.length === 0 && newRequests > 0) {
    newRequests -= 1
    await desk.office.requests.receive(officer, {
      requester: { ...CITIZEN, email: null, phone: null },
      originals: ORIGINALS.map(title => ({
        title,
        kind: 'Giấy tờ khác',
        issuer: 'UBND xã Thanh Bình (mẫu)',
        copyCount: 1,
      })),
    })
    return true
  }
  for (const draft of drafts) {
    let copy = draft
    if (copy.pageCount === 0)
      for await (const page of importFiles(desk.scanner, await pageFiles(), desk.incomingFolder(copy.id)))
        copy = await desk.office.copies.addPages(officer, copy, [page])
    await desk.office.copies.submit(officer, copy, { comparedWithOriginal: true, allPagesPresent: true })
  }
  return drafts.length > 0
}

const pageFiles = async (): Promise<readonly string[]> =>
  (await readdir(pagesFolder)).sort().map(name => join(pagesFolder, name))

async function tokenDay(desk: Desk, role: 'signer' | 'clerk'): Promise<boolean> {
  const actor = await practiceActor(desk, role)
  const [state, kind, token] =
    role === 'signer' ? (['submitted', 'signature', 'signer'] as const) : (['signed', 'seal', 'organisation'] as const)
  const waiting = await desk.office.copies.list(actor, { states: [state] })
  if (waiting.length === 0) return false
  const { label, pin } = PRACTICE.tokens[token]
  const chosen = await desk.findToken(actor, kind, { token: label })
  for await (const outcome of desk.signBatch(actor, waiting, kind, chosen, Buffer.from(pin)))
    if (outcome.result === 'failed') throw outcome.error
  return true
}

/** Short waits: a killed run's lease and the portal's silence must not stretch the test; what they guard against is the same. */
const IMPATIENT = { leaseMs: 1000, backoff: () => 300 } as const

async function delivery(desk: Desk): Promise<boolean> {
  const outcomes = await desk.deliver(IMPATIENT)
  const stuck = outcomes.find(outcome => outcome.result === 'needs-person')
  if (stuck) throw new Error(`delivery stopped: ${stuck.errorCode}`)
  return outcomes.length > 0
}

/** Whether a sealed copy still waits for the portal. */
async function anyUndelivered(desk: Desk): Promise<boolean> {
  const clerk = await practiceActor(desk, 'clerk')
  return (await desk.office.copies.list(clerk, { states: ['sealed'] })).length > 0
}

const desk = await openDesk(officeFolder)
let worked = true
while (worked || newRequests > 0) {
  worked = await officerDay(desk)
  worked = (await tokenDay(desk, 'signer')) || worked
  worked = (await tokenDay(desk, 'clerk')) || worked
  worked = (await delivery(desk)) || worked
  if (!worked && (await anyUndelivered(desk))) {
    await setTimeout(100)
    worked = true
  }
}
await desk.close()
