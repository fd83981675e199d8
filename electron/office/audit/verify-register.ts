import type { Reader } from '../../store/store.ts'
import type { OfficeParts } from '../parts.ts'
import type { AuditOptions } from '../service.ts'
import type { AuditVerdict, KnownHead } from '../types.ts'
import { checkAnchors, highestNumbers } from './anchors.ts'
import { hashAt, walkChain } from './chain.ts'
import { checkFiles } from './check-files.ts'
import { clockHead } from './clock.ts'
import { compareRows } from './compare-rows.ts'
import { type AuditFinding, finding } from './findings.ts'
import { type Ledger, LedgerReader } from './ledger.ts'
import { namesOf, shown } from './row-names.ts'

type VerifyParts = Pick<OfficeParts, 'store' | 'blobs' | 'notary' | 'inspectFile'>

/**
 * Says whether the register is true: the chain hangs together, the rows are what its events add up to, every stored file has the content that it
 * was stored with, every sealed copy says on its page what the register says, and the anchors agree. One moment of the store is looked at.
 * @throws OfficeError office-unknown; what the signal aborted with
 */
export function verifyRegister(
  { store, blobs, notary, inspectFile }: VerifyParts,
  officeId: string,
  { known = [], signal, onFile }: AuditOptions = {},
): Promise<AuditVerdict> {
  return store.snapshot(async reader => {
    const rows = await verifyRows(reader, officeId)
    const { ledger, chain, names } = rows
    signal?.throwIfAborted()
    const files = await checkFiles({ reader, blobs, inspect: inspectFile, officeId, ledger, names, signal, onFile })
    const anchors = await checkAnchors({ reader, blobs, notary, officeId, ledger }, files.unknown)
    const findings: readonly AuditFinding[] = [
      ...(await store.missingGuards()).map(guard => finding('audit-guard-missing', { guard })),
      ...(store.head.missing ? [finding('audit-witness-missing')] : []),
      ...(await compareKnown(reader, officeId, known)),
      ...rows.findings,
      ...files.findings,
      ...anchors.findings,
    ]
    return {
      intact: findings.length === 0,
      events: chain.events,
      head: chain.head,
      brokenAt: chain.broken[0] ?? (chain.endDiffers ? chain.events : null),
      numbers: await highestNumbers(reader, officeId),
      checked: { numbers: rows.numbers, copies: rows.copies, files: files.files, anchors: anchors.anchors },
      findings,
    }
  })
}

/** The same of the database alone: its chain, and its rows against it. @throws OfficeError office-unknown */
export async function verifyRows(reader: Reader, officeId: string) {
  const ledger = new LedgerReader()
  const chain = await walkChain(reader, officeId, ledger.take)
  const names = await namesOf(reader, officeId)
  const rows = await compareRows(reader, officeId, ledger, names)
  const findings: readonly AuditFinding[] = [
    ...chain.broken.map(sequence => finding('audit-event-broken', { sequence })),
    ...(chain.endDiffers ? [finding('audit-head-differs', { sequence: chain.events })] : []),
    ...(await compareSeenTime(reader, officeId, ledger)),
    ...ledger.findings,
    ...(ledger.settingsChangedAt === null ? [] : [finding('audit-settings-changed', { at: ledger.settingsChangedAt })]),
    ...rows.findings,
  ]
  return { ...rows, ledger, chain, names, findings }
}

/** The clock is held against what the journal has seen of the time, and nothing else. */
async function compareSeenTime(reader: Reader, officeId: string, ledger: Ledger): Promise<AuditFinding[]> {
  if (ledger.lastAt === null) return []
  const head = await clockHead(reader, officeId)
  const times = [
    ['lastAt', head.at, ledger.lastAt],
    ['witnessedAt', head.witnessed_at, ledger.witnessedAt],
  ] as const
  return times
    .filter(([, here, there]) => here !== there)
    .map(([field, here, there]) =>
      finding('audit-seen-time-differs', { field, here: shown(here), there: shown(there) }),
    )
}

async function compareKnown(reader: Reader, officeId: string, known: readonly KnownHead[]): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = []
  for (const { sequence, hash } of known) {
    const here = await hashAt(reader, officeId, sequence)
    if (here?.startsWith(hash) !== true)
      findings.push(finding('audit-known-differs', { sequence, here: shown(here), there: shown(hash) }))
  }
  return findings
}
