import { HEAD_ANCHORED } from '../../store/blobs.ts'
import { auditDataSchema, CLOCK_ACCEPTED, type EventRow } from './chain.ts'
import { CANCELLATION_TO_TELL, FACTS_OF_EVENTS, type Facts, type FactsKind } from './facts.ts'
import { type AuditFinding, finding } from './findings.ts'
import { SETTINGS_ACCEPTED, SETTINGS_CHANGED_OUTSIDE, SETTINGS_WRITTEN } from './settings-file.ts'

const kindsOf = new Map<string, readonly FactsKind[]>(Object.entries(FACTS_OF_EVENTS))

/** An anchor that the journal says was made; see `anchors.ts`. */
export interface LedgerAnchor {
  readonly sequence: number
  readonly hash: string
  readonly fileSha256: string | null
  readonly at: string
}

/** `had-nothing`: by what was known then; a receipt that comes later makes it to be told again. */
export type Telling = 'to-tell' | 'told' | 'had-nothing'

const TELLING = new Map<string, Telling>([
  [CANCELLATION_TO_TELL, 'to-tell'],
  ['cancellation-told', 'told'],
  ['cancellation-not-needed', 'had-nothing'],
  ['cancellation-told-by-hand', 'had-nothing'],
  ['delivered-though-cancelled', 'to-tell'],
])

/** What the journal says must stand in the tables, in the store of files and outside. */
export interface Ledger {
  /** By kind and by the row's key, the facts as the last event left them. */
  rows(kind: FactsKind): ReadonlyMap<string, Facts>
  /** Requester and title of each copy as they stood when its content was fixed. */
  readonly registered: ReadonlyMap<string, Facts>
  /** Every SHA-256 that an event names. */
  readonly hashes: ReadonlySet<string>
  readonly anchors: readonly LedgerAnchor[]
  /** Cancelled copies of which the other side is to be told, and whether it was. */
  readonly cancellations: ReadonlyMap<string, Telling>
  /** What the clock was held against: time of the last event, newest time of an authority; null: none. */
  readonly lastAt: string | null
  readonly witnessedAt: string | null
  /** When another hand was found to have changed this PC's settings, for which nobody stands yet; null: none has. */
  readonly settingsChangedAt: string | null
  readonly findings: readonly AuditFinding[]
}

/** Key of a number: register, year, number. */
export const numberKey = (row: { readonly kind: string; readonly year: number; readonly number: number }): string =>
  `${row.kind}/${row.year}/${row.number}`

/** Key of a year's series. */
export const seriesKey = (row: { readonly kind: string; readonly year: number }): string => `${row.kind}/${row.year}`

const SHA256 = /^[0-9a-f]{64}$/

/** Reads the events in their order and keeps what they add up to. Knows no table and no file. */
export class LedgerReader implements Ledger {
  readonly #rows = new Map<FactsKind, Map<string, Record<string, Facts[string]>>>()
  readonly registered = new Map<string, Facts>()
  readonly hashes = new Set<string>()
  readonly anchors: LedgerAnchor[] = []
  readonly cancellations = new Map<string, Telling>()
  lastAt: string | null = null
  witnessedAt: string | null = null
  settingsChangedAt: string | null = null
  readonly findings: AuditFinding[] = []

  rows(kind: FactsKind): Map<string, Record<string, Facts[string]>> {
    const known = this.#rows.get(kind)
    if (known) return known
    const rows = new Map<string, Record<string, Facts[string]>>()
    this.#rows.set(kind, rows)
    return rows
  }

  /** An event that cannot be read changes nothing here: the walk over the chain names it. */
  readonly take = (event: EventRow): void => {
    this.lastAt = event.at
    const data = readData(event.data)
    if (!data) return
    for (const value of Object.values(data)) if (typeof value === 'string' && SHA256.test(value)) this.hashes.add(value)
    for (const kind of kindsOf.get(event.action) ?? []) {
      const key = keyOf(kind, event.subject, data)
      this.rows(kind).set(key, { ...this.rows(kind).get(key), ...data })
    }
    if (event.action === 'content-fixed') this.registered.set(event.subject, data)
    if (event.action === 'book-opened') this.#begin(data)
    if (event.action === 'number-taken' || event.action === 'number-restored') this.#count(event, data)
    if (event.action === HEAD_ANCHORED) this.#anchor(event, data)
    const telling = TELLING.get(event.action)
    if (telling && this.cancellations.get(event.subject) !== 'told') this.cancellations.set(event.subject, telling)
    this.#witness(event, data)
    if (event.action === SETTINGS_CHANGED_OUTSIDE) this.settingsChangedAt ??= event.at
    if (event.action === SETTINGS_WRITTEN || event.action === SETTINGS_ACCEPTED) this.settingsChangedAt = null
  }

  /** A year's series begins with its first book. */
  #begin(data: Facts): void {
    const { kind, year } = data
    if (typeof kind !== 'string' || typeof year !== 'number') return
    const key = seriesKey({ kind, year })
    const series = this.rows('series')
    if (!series.has(key)) series.set(key, { kind, year, lastNumber: 0, closedAt: null, closedBy: null })
  }

  /** Numbers follow one another without a gap (NĐ 23/2015 Đ13 kh.2). */
  #count(event: EventRow, data: Facts): void {
    const { kind, year, number } = data
    if (typeof kind !== 'string' || typeof year !== 'number' || typeof number !== 'number') return
    const key = seriesKey({ kind, year })
    const before = this.rows('series').get(key)
    const expected = Number(before?.['lastNumber'] ?? 0) + 1
    if (number !== expected) {
      this.findings.push(finding('audit-number-jump', { year, number, expected, sequence: event.sequence }))
    }
    this.rows('series').set(key, { ...before, kind, year, lastNumber: number })
  }

  /** As `witnessTime` and `acceptClock` keep it. */
  #witness({ action }: EventRow, { stampedAt, time, verdict, authority }: Facts): void {
    if (action === CLOCK_ACCEPTED) {
      const vouched = typeof authority === 'string' ? authority : null
      this.witnessedAt = verdict === 'ahead' ? (vouched ?? this.witnessedAt) : vouched
      return
    }
    const told = action === HEAD_ANCHORED ? time : stampedAt
    if (typeof told === 'string' && (this.witnessedAt === null || this.witnessedAt < told)) this.witnessedAt = told
  }

  #anchor(event: EventRow, { sequence, hash, fileSha256 }: Facts): void {
    if (typeof sequence !== 'number' || typeof hash !== 'string') return
    const file = typeof fileSha256 === 'string' ? fileSha256 : null
    this.anchors.push({ sequence, hash, fileSha256: file, at: event.at })
  }
}

/** The facts of an event; null where nobody can read them. */
export function readData(text: string): Facts | null {
  try {
    return auditDataSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function keyOf(kind: FactsKind, subject: string, data: Facts): string {
  if (kind === 'number' || kind === 'restored') return `${data['kind']}/${data['year']}/${data['number']}`
  return kind === 'series' ? `${data['kind']}/${data['year']}` : subject
}
