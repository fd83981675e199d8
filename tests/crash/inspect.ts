import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openDesk } from '../../electron/desk.ts'
import { readDeskSettings } from '../../electron/desk-settings.ts'
import { createPersonalStoreClient } from '../../electron/sandbox/portal-store-client.ts'
import { practiceActor } from '../../electron/sandbox/practice-office.ts'
import type { PracticeServices } from '../../electron/sandbox/practice-services.ts'
import { openVerifier } from '../../electron/signing-parts.ts'
import { CITIZEN } from './citizen.ts'

/** What must hold after any number of crashes, counted; `problems` names what does not. */
export interface CrashFindings {
  readonly copies: number
  readonly numbers: number
  readonly missingNumbers: number
  readonly doubledNumbers: number
  readonly copiesNotDelivered: number
  readonly filesWithoutAuditEvent: number
  readonly auditEvents: number
  readonly dossiersAtPortal: number
  readonly papersInStore: number
  readonly copiesNotDeliveredExactlyOnce: number
  readonly invalidCopies: number
  readonly problems: readonly string[]
}

/** Counts numbers, copies, files, audit events and what the portal holds, after the office was let finish. */
export async function inspectAfterCrashes(folder: string, services: PracticeServices): Promise<CrashFindings> {
  const desk = await openDesk(folder)
  try {
    const officer = await practiceActor(desk, 'officer')
    const admin = await practiceActor(desk, 'admin')
    const copies = await desk.office.copies.list(officer)
    const year = new Date().getUTCFullYear()
    const rows = await desk.office.register.rows(officer, `${year}-01-01`, `${year + 1}-12-31`)
    const numbers = rows.map(row => Number(row.number))
    const distinct = new Set(numbers)
    const highest = Math.max(0, ...numbers)

    const audit = await desk.office.audit.verify(admin)
    const events = []
    for (let after = 0; ; ) {
      const some = await desk.office.audit.events(admin, after, 1000)
      if (some.length === 0) break
      events.push(...some)
      after = some.at(-1)?.sequence ?? after
    }
    const audited = new Set(events.flatMap(event => Object.values(event.data)).filter(v => typeof v === 'string'))
    const files = copies
      .flatMap(copy => [copy.composedSha256, copy.signedSha256, copy.sealedSha256])
      .filter(h => h !== null)

    const verify = await openVerifier(folder, (await readDeskSettings(folder)).trust)
    const { dossiers, papers } = services.portal.inspect()
    const delivered = await papersOf(services)
    let invalid = 0
    let notOnce = 0
    for (const copy of copies) {
      const path = await desk.office.copies.file(officer, copy.id, 'sealed').catch(() => null)
      const bytes = path === null ? null : await readFile(path)
      const sound =
        path !== null &&
        bytes !== null &&
        createHash('sha256').update(bytes).digest('hex') === copy.sealedSha256 &&
        (await verify(path)).valid
      if (!sound) invalid += 1
      if (delivered.filter(sha256 => sha256 === copy.sealedSha256).length !== 1) notOnce += 1
    }

    const findings = {
      copies: copies.length,
      numbers: numbers.length,
      missingNumbers: highest - distinct.size,
      doubledNumbers: numbers.length - distinct.size,
      copiesNotDelivered: copies.filter(copy => copy.state !== 'delivered').length,
      filesWithoutAuditEvent: files.filter(hash => !audited.has(hash)).length,
      auditEvents: events.length,
      dossiersAtPortal: dossiers.length,
      papersInStore: papers.length,
      copiesNotDeliveredExactlyOnce: notOnce,
      invalidCopies: invalid,
    }
    const problems = [
      ...(audit.intact ? [] : [`the audit chain is broken at ${audit.brokenAt}`]),
      ...(copies.length === 0 ? ['no copy was made'] : []),
      ...(numbers.length === copies.length ? [] : ['numbers and copies differ in count']),
      ...(dossiers.length === copies.length && papers.length === copies.length
        ? []
        : ['the portal holds more or fewer']),
      ...(['missingNumbers', 'doubledNumbers', 'copiesNotDelivered', 'filesWithoutAuditEvent'] as const).filter(
        k => findings[k] > 0,
      ),
      ...(['copiesNotDeliveredExactlyOnce', 'invalidCopies'] as const).filter(k => findings[k] > 0),
    ]
    return { ...findings, problems }
  } finally {
    await desk.close()
  }
}

/** SHA-256 of every paper in the test citizen's store, read over HTTP as the citizen would. */
async function papersOf({ portal }: PracticeServices): Promise<readonly string[]> {
  const { storeUsername: username, storePassword: password } = portal.credentials
  const store = createPersonalStoreClient({ url: portal.url, username, password })
  const hashes: string[] = []
  for (const paper of await store.papers(CITIZEN.personalNumber, CITIZEN.name))
    hashes.push((await store.file(paper)).sha256)
  return hashes
}
