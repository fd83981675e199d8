import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openDesk } from '../../electron/desk.ts'
import { readDeskSettings } from '../../electron/desk-settings.ts'
import type { AuditEvent, AuditVerdict, CopyView, RegisterRow } from '../../electron/office/types.ts'
import { PortalStore } from '../../electron/sandbox/portal/store.ts'
import { practiceActor } from '../../electron/sandbox/practice-office.ts'
import { openVerifier } from '../../electron/signing-parts.ts'
import { DISK_CODES } from './day.ts'
import { type Done, readJournals } from './journal.ts'
import { leftovers } from './leftovers.ts'
import { WINDOW_TITLE } from './window.ts'
import type { Folders } from './world.ts'

/** An office after everything. */
export interface OfficeAsItStands {
  readonly folder: string
  readonly copies: readonly CopyView[]
  readonly rows: readonly RegisterRow[]
  readonly events: readonly AuditEvent[]
  readonly verdict: AuditVerdict
  /** Sealed copies whose file is not there, is another one, or is not valid. */
  readonly invalid: number
}

export async function officeAsItStands(folder: string): Promise<OfficeAsItStands> {
  const desk = await openDesk(folder)
  try {
    const admin = await practiceActor(desk, 'admin')
    const { copies: service, register, audit } = desk.office
    const copies = await service.list(admin)
    const year = new Date().getUTCFullYear()
    const rows = await register.rows(admin, `${year - 1}-12-31`, `${year + 1}-01-01`)
    const verdict = await audit.verify(admin)
    const events: AuditEvent[] = []
    for (;;) {
      const next = await audit.events(admin, events.at(-1)?.sequence ?? 0, 1000)
      if (next.length === 0) break
      events.push(...next)
    }
    const verify = await openVerifier(folder, (await readDeskSettings(folder)).trust)
    let invalid = 0
    for (const { id, sealedSha256 } of copies.filter(copy => copy.sealedSha256 !== null)) {
      const path = await service.file(admin, id, 'sealed').catch(() => null)
      const sha256 =
        path === null
          ? null
          : createHash('sha256')
              .update(await readFile(path))
              .digest('hex')
      if (path === null || sha256 !== sealedSha256 || !(await verify(path)).valid) invalid += 1
    }
    return { folder, copies, rows, events, verdict, invalid }
  } finally {
    await desk.close()
  }
}

/** What is wrong with an office by itself, whatever happened to it. */
export function problemsOf({ folder, verdict, invalid }: OfficeAsItStands): readonly string[] {
  return [
    ...verdict.findings.map(({ code, parameters }) => `${folder}: ${code} ${JSON.stringify(parameters)}`),
    ...(invalid > 0 ? [`${folder}: ${invalid} sealed copies are not valid`] : []),
  ]
}

const CERTIFIED = ['sealed', 'delivered', 'cancelled']

/** Whether what was once answered still holds. */
function holds({ copies, rows, events }: OfficeAsItStands): (entry: Done) => boolean {
  const copiesById = new Map(copies.map(copy => [copy.id, copy]))
  const numbers = new Set(rows.map(row => `${Number(row.number)} ${row.copyId}`))
  const archived = new Set(events.filter(({ action }) => action === 'copy-archived').map(({ subject }) => subject))
  return ({ step, copyId, number, sealedSha256 }) => {
    const copy = copiesById.get(copyId)
    if (!copy || (number !== null && !numbers.has(`${number} ${copyId}`))) return false
    if (sealedSha256 !== null && sealedSha256 !== copy.sealedSha256) return false
    if (step === 'withdrawn' || step === 'cancelled') return copy.state === step
    if (step === 'sealed') return CERTIFIED.includes(copy.state)
    if (step === 'delivered') return copy.state === 'delivered' || copy.state === 'cancelled'
    return step !== 'archived' || archived.has(copyId)
  }
}

/** What the portal holds of the office's copies. */
function atPortal({ copies }: OfficeAsItStands, folder: string) {
  const store = new PortalStore(folder)
  try {
    const papers = store.papers().map(paper => ({ ...paper, sha256: store.file(paper.fileId)?.sha256 ?? '' }))
    const told = new Set(store.cancellations().map(({ dossierNumber }) => dossierNumber))
    const of = (copy: CopyView) => papers.filter(({ sha256 }) => sha256 === copy.sealedSha256)
    const sealed = new Set(copies.map(copy => copy.sealedSha256))
    return {
      dossiersAtPortal: store.dossiers().length,
      papersInStore: papers.length,
      papersOfNobody: papers.filter(({ sha256 }) => !sealed.has(sha256)).length,
      deliveredTwice: copies.filter(copy => of(copy).length > 1).length,
      deliveredAndNotThere: copies.filter(copy => copy.state === 'delivered' && of(copy).length === 0).length,
      deliveredThoughCancelled: copies
        .filter(copy => copy.state === 'cancelled')
        .filter(copy => of(copy).some(({ dossierNumber }) => !told.has(dossierNumber))).length,
      cancelledUnsent: copies.filter(copy => copy.state === 'cancelled' && of(copy).length === 0).length,
    }
  } finally {
    store.close()
  }
}

/** Must be none, whatever was killed. */
const NONE = [
  ...(['missingNumbers', 'doubledNumbers', 'copiesNotAtTheirEnd', 'answersLost', 'filesWithoutEvent'] as const),
  ...(['papersOfNobody', 'deliveredTwice', 'deliveredAndNotThere', 'deliveredThoughCancelled', 'leftovers'] as const),
] as const

/** Counts numbers, copies, files, events, what people were answered and what the portal holds, after the office was let finish. */
export async function inspectAfterCrashes(
  stands: OfficeAsItStands,
  folders: Folders,
  receivedAtWindow: number,
  hadDisk: boolean,
) {
  const { copies, rows, events, verdict } = stands
  const journal = readJournals(folders.journals)
  const done = journal.filter(entry => entry.what === 'done')
  const borne = Map.groupBy(
    journal.filter(entry => entry.what === 'borne'),
    ({ step, code }) => `${step}: ${code}`,
  )
  const unexpected = Map.groupBy(
    journal.filter(entry => entry.what === 'unexpected'),
    ({ step, code }) => `${step}: ${code}`,
  )
  const numbers = rows.map(row => Number(row.number))
  const distinct = new Set(numbers)
  const audited = new Set(events.flatMap(({ data }) => Object.values(data)))
  const files = copies
    .flatMap(copy => [copy.composedSha256, copy.signedSha256, copy.sealedSha256])
    .filter(hash => hash !== null)
  const states = Map.groupBy(copies, ({ state }) => state)
  const atWindow = copies.filter(({ title }) => title === WINDOW_TITLE).length
  const left = await leftovers(folders.office)
  const isHeld = holds(stands)

  const counts = {
    copies: copies.length,
    states: Object.fromEntries([...states].map(([state, each]) => [state, each.length])),
    numbers: numbers.length,
    missingNumbers: Math.max(0, ...numbers) - distinct.size,
    doubledNumbers: numbers.length - distinct.size,
    copiesNotAtTheirEnd: copies.filter(({ state }) => !['delivered', 'cancelled', 'withdrawn'].includes(state)).length,
    answers: done.length,
    answersLost: done.filter(entry => !isHeld(entry)).length + Math.max(0, receivedAtWindow - atWindow),
    receivedAtWindow,
    filesWithoutEvent: files.filter(hash => !audited.has(hash)).length,
    events: verdict.events,
    leftovers: left.length,
    ...atPortal(stands, folders.portal),
    borne: Object.fromEntries([...borne].map(([what, entries]) => [what, entries.length])),
  }
  const problems = [
    ...(copies.length === 0 ? ['no copy was made'] : []),
    ...problemsOf(stands),
    ...NONE.filter(name => counts[name] > 0).map(name => `${name}: ${counts[name]}`),
    ...left.slice(0, 5).map(path => `left behind: ${path}`),
    ...[...unexpected].map(([what, [first, ...more]]) => `${1 + more.length} × ${what}: ${first?.message}`),
    ...[...borne.values()]
      .map(([first]) => first?.code ?? '')
      .filter(code => !hadDisk && DISK_CODES.has(code))
      .map(code => `${code}, though the disk was in order`),
  ]
  return { ...counts, problems }
}
