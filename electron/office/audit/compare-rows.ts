import type { Reader } from '../../store/store.ts'
import { writtenNumber } from '../register/numbers.ts'
import { readableContent } from '../signing/content.ts'
import {
  archiveFacts,
  bookFacts,
  copyFacts,
  deliveryFacts,
  type Facts,
  type FactsKind,
  numberFacts,
  officeFacts,
  pagesFacts,
  personFacts,
  requestFacts,
  restoredFacts,
  seriesFacts,
  settingFacts,
} from './facts.ts'
import { type AuditFinding, finding } from './findings.ts'
import { type Ledger, numberKey, seriesKey } from './ledger.ts'
import { type RowNames, shown } from './row-names.ts'

/** A row of today's tables, with what names it to a person. */
interface PresentRow {
  readonly key: string
  readonly facts: Facts
  /** The copy that it is about. */
  readonly copyId: string | null
}

export interface ComparedRows {
  readonly findings: readonly AuditFinding[]
  readonly numbers: number
  readonly copies: number
}

/** All rows of an office that its journal speaks of. */
async function presentRows(reader: Reader, officeId: string): Promise<ReadonlyMap<FactsKind, readonly PresentRow[]>> {
  const offices = await reader.selectFrom('office').selectAll().where('office_id', '=', officeId).execute()
  const people = await reader.selectFrom('person').selectAll().where('office_id', '=', officeId).execute()
  const settings = await reader.selectFrom('setting').selectAll().where('office_id', '=', officeId).execute()
  const requests = await reader.selectFrom('request').selectAll().where('office_id', '=', officeId).execute()
  const copies = await reader.selectFrom('copy').selectAll().where('office_id', '=', officeId).execute()
  const numbers = await reader
    .selectFrom('certification_number')
    .selectAll()
    .where('office_id', '=', officeId)
    .execute()
  const books = await reader.selectFrom('book').selectAll().where('office_id', '=', officeId).execute()
  const series = await reader.selectFrom('number_series').selectAll().where('office_id', '=', officeId).execute()
  const restored = await reader.selectFrom('restored_number').selectAll().where('office_id', '=', officeId).execute()
  const archive = await reader.selectFrom('archive').selectAll().where('office_id', '=', officeId).execute()
  const outbox = await reader
    .selectFrom('outbox')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('kind', '=', 'deliver')
    .where('receipt', 'is not', null)
    .execute()
  const pages = Map.groupBy(
    await reader.selectFrom('page').selectAll().where('office_id', '=', officeId).orderBy('position').execute(),
    page => page.copy_id,
  )
  const row = (key: string, facts: Facts, copyId: string | null = null): PresentRow => ({ key, facts, copyId })
  return new Map<FactsKind, readonly PresentRow[]>([
    ['office', offices.map(each => row(each.office_id, officeFacts(each)))],
    ['person', people.map(each => row(each.person_id, personFacts(each)))],
    ['setting', settings.map(each => row(each.name, settingFacts(each)))],
    ['request', requests.map(each => row(each.request_id, requestFacts(each)))],
    ['copy', copies.map(each => row(each.copy_id, copyFacts(each), each.copy_id))],
    ['pages', [...pages].map(([copyId, each]) => row(copyId, pagesFacts(each), copyId))],
    ['number', numbers.map(each => row(numberKey(each), numberFacts(each), each.copy_id))],
    ['restored', restored.map(each => row(numberKey(each), restoredFacts(each)))],
    ['book', books.map(each => row(each.book_id, bookFacts(each)))],
    ['series', series.map(each => row(seriesKey(each), seriesFacts(each)))],
    ['archive', archive.map(each => row(each.copy_id, archiveFacts(each), each.copy_id))],
    ['delivery', outbox.map(each => row(each.copy_id, deliveryFacts(each), each.copy_id))],
  ])
}

/** Rows that may be absent although the journal speaks of them: the last page of a draft was taken out. */
const isEmpty = (kind: FactsKind, facts: Facts): boolean => kind === 'pages' && facts['pages'] === 0

/** Holds every row against what the journal says of it: missing, unknown, or different in which fact. */
export async function compareRows(
  reader: Reader,
  officeId: string,
  ledger: Ledger,
  names: RowNames,
): Promise<ComparedRows> {
  const findings: AuditFinding[] = []
  const present = await presentRows(reader, officeId)
  for (const [kind, rows] of present) {
    const told = ledger.rows(kind)
    for (const { key, facts, copyId } of rows) {
      const parameters = { kind, row: names(kind, key, copyId) }
      const then = told.get(key)
      if (!then) findings.push(finding('audit-row-unknown', parameters, copyId))
      else {
        for (const [field, here] of Object.entries(facts)) {
          const there = then[field] ?? null
          if (here !== there) {
            findings.push(
              finding('audit-row-differs', { ...parameters, field, here: shown(here), there: shown(there) }, copyId),
            )
          }
        }
      }
    }
    const keys = new Set(rows.map(({ key }) => key))
    for (const [key, facts] of told) {
      if (keys.has(key) || isEmpty(kind, facts)) continue
      const copyId = copyOf(kind, key, facts)
      findings.push(finding('audit-row-missing', { kind, row: names(kind, key, copyId) }, copyId))
    }
  }
  return {
    findings: [
      ...findings,
      ...(await compareRegistered(reader, officeId, ledger, names)),
      ...(await comparePending(reader, officeId, names)),
      ...(await compareCancellations(reader, officeId, ledger, names)),
    ],
    numbers: present.get('number')?.length ?? 0,
    copies: present.get('copy')?.length ?? 0,
  }
}

/** A certified copy's requester, title, number, book and day are those that were fixed for its signature. */
async function compareRegistered(reader: Reader, officeId: string, ledger: Ledger, names: RowNames) {
  const rows = await reader
    .selectFrom('copy')
    .innerJoin('certification_number as number', join =>
      join
        .onRef('number.office_id', '=', 'copy.office_id')
        .onRef('number.copy_id', '=', 'copy.copy_id')
        .on('number.state', '=', 'used'),
    )
    .innerJoin('book', join =>
      join.onRef('book.office_id', '=', 'number.office_id').onRef('book.book_id', '=', 'number.book_id'),
    )
    .select(['copy.copy_id', 'copy.request_id', 'copy.content', 'copy.title'])
    .select(['number.number', 'number.day', 'book.label'])
    .where('copy.office_id', '=', officeId)
    .where('copy.state', 'in', ['signed', 'sealed', 'delivered', 'cancelled'])
    .execute()
  const findings: AuditFinding[] = []
  for (const row of rows) {
    const label = names('copy', row.copy_id, row.copy_id)
    const fixed = ledger.registered.get(row.copy_id)
    const requester = ledger.rows('request').get(row.request_id)?.['requesterSha256'] ?? null
    if (fixed && fixed['requesterSha256'] !== requester) {
      findings.push(finding('audit-registered-differs', { row: label, field: 'requesterSha256' }, row.copy_id))
    }
    const content = readableContent(row.content)
    const facts = [
      ['number', content?.statement.number, writtenNumber(row.number)],
      ['book', content?.statement.book, row.label],
      ['day', content?.statement.date, row.day],
      ['title', content?.title, row.title],
    ] as const
    for (const [field, there, here] of facts) {
      if (there === here) continue
      findings.push(
        finding('audit-statement-differs', { row: label, field, here, there: shown(there ?? null) }, row.copy_id),
      )
    }
  }
  return findings
}

/** A sealed copy waits for its delivery until the citizen has it. */
async function comparePending(reader: Reader, officeId: string, names: RowNames): Promise<AuditFinding[]> {
  const rows = await reader
    .selectFrom('copy')
    .leftJoin('outbox', join =>
      join
        .onRef('outbox.office_id', '=', 'copy.office_id')
        .onRef('outbox.copy_id', '=', 'copy.copy_id')
        .on('outbox.kind', '=', 'deliver')
        .on('outbox.state', 'in', ['waiting', 'needs-person']),
    )
    .select('copy.copy_id')
    .where('copy.office_id', '=', officeId)
    .where('copy.state', '=', 'sealed')
    .where('outbox.copy_id', 'is', null)
    .execute()
  return rows.map(({ copy_id: copyId }) =>
    finding('audit-delivery-differs', { row: names('copy', copyId, copyId) }, copyId),
  )
}

/** Whether the other side was told of a cancellation stands in the outbox as in the journal. */
async function compareCancellations(
  reader: Reader,
  officeId: string,
  ledger: Ledger,
  names: RowNames,
): Promise<AuditFinding[]> {
  const rows = await reader
    .selectFrom('outbox')
    .select(['copy_id', 'state'])
    .where('office_id', '=', officeId)
    .where('kind', '=', 'cancel')
    .execute()
  const told = new Map(rows.map(row => [row.copy_id, row.state === 'done']))
  return [...ledger.cancellations]
    .filter(([copyId, there]) => told.get(copyId) !== (there !== 'to-tell'))
    .map(([copyId]) => finding('audit-cancellation-differs', { row: names('copy', copyId, copyId) }, copyId))
}

function copyOf(kind: FactsKind, key: string, facts: Facts): string | null {
  if (kind === 'copy' || kind === 'pages' || kind === 'archive' || kind === 'delivery') return key
  const { copyId } = facts
  return kind === 'number' && typeof copyId === 'string' ? copyId : null
}
