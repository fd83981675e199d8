/**
 * What a row says, as facts for its events: ids, codes, numbers, days, hashes. What people typed about people or papers is there only as a
 * SHA-256, salted with the row's id, so that equal names give unequal hashes. An event carries the facts that it sets; folded over a row's
 * events in their order (`foldFacts`) they say how the row must stand now. `FACTS_OF_EVENTS` says which event carries whose facts:
 *
 * - office: its name, certificate and picture of the seal: founded, renamed, seal set. Subject: the office.
 * - person: all of it, the password's hash too, at every change. Subject: the person.
 * - setting: the value's hash. Subject: the setting's name.
 * - request: requester as one hash, receipt, deadline, exemption; what an extension sets. Subject: the dossier.
 * - copy: title, kind, issuer, number of copies at receipt; then what each step sets: state, fee, hashes of content, layout and files, who
 *   did it and when, remark, ground, decision. Subject: the copy.
 * - pages: their number and the list's hash, at every change and at submission. Subject: the copy.
 * - number: register, year, number, book, copy, day, used or void and why. Subject: the copy; the row is named by kind, year and number.
 * - restored: a number used after the backup that the office was restored from. Named by kind, year and number.
 * - book: opened and closed, by whom. Subject: the book.
 * - series: the year's last number and its closing; between, the last number is the highest of the events `number-taken`.
 *   Named by kind and year.
 * - archive: the long-term file. delivery: receipt and when it was given. Subject: the copy.
 *
 * `content-fixed` carries besides the requester's and the title's hashes as they stood when the number was given (`registeredFacts`).
 */
import type { Selectable } from 'kysely'
import type {
  ArchiveTable,
  BookTable,
  CertificationNumberTable,
  CopyTable,
  NumberSeriesTable,
  OfficeTable,
  OutboxTable,
  PageTable,
  PersonTable,
  RequestTable,
  RestoredNumberTable,
  SettingTable,
} from '../../store/schema.ts'
import { canonicalJson, type Json, sha256OfText } from '../canonical-json.ts'
import type { AuditAction } from './actions.ts'
import type { AuditData } from './chain.ts'

/** Every name of its kind is there, null where the row has nothing. */
export type Facts = AuditData

type Row<Table> = Readonly<Selectable<Table>>

export const FACTS_OF_EVENTS = {
  'office-founded': ['office'],
  'office-renamed': ['office'],
  'seal-set': ['office'],
  'person-added': ['person'],
  'person-changed': ['person'],
  'signature-image-set': ['person'],
  'password-set': ['person'],
  'password-removed': ['person'],
  'setting-changed': ['setting'],
  'request-received': ['request'],
  'request-extended': ['request'],
  'copy-received': ['copy'],
  'pages-changed': ['pages'],
  'copy-submit': ['copy', 'pages'],
  'copy-return': ['copy'],
  'copy-refuse': ['copy'],
  'copy-withdraw': ['copy'],
  'content-fixed': ['copy'],
  'content-dropped': ['copy'],
  'copy-composed': ['copy'],
  'copy-sign': ['copy'],
  'copy-seal': ['copy'],
  'copy-deliver': ['copy', 'delivery'],
  'delivered-though-cancelled': ['delivery'],
  'copy-cancel': ['copy'],
  'copy-archived': ['archive'],
  'number-taken': ['number'],
  'number-day-changed': ['number'],
  'number-void': ['number'],
  'book-opened': ['book'],
  'book-closed': ['book'],
  'year-closed': ['series'],
  'number-restored': ['restored'],
} as const satisfies Readonly<Partial<Record<AuditAction, readonly string[]>>>

/** The other side is to be told that a copy was cancelled: from then on a row of the outbox says whether it was. Subject: the copy. */
export const CANCELLATION_TO_TELL = 'cancellation-to-tell'

export type FactsKind = (typeof FACTS_OF_EVENTS)[keyof typeof FACTS_OF_EVENTS][number]

export function officeFacts(row: Row<OfficeTable>): Facts {
  return {
    name: row.name,
    sealCertificateSha256: row.seal_certificate_sha256,
    sealImageSha256: row.seal_image_sha256,
    createdAt: row.created_at,
  }
}

export function personFacts(row: Row<PersonTable>): Facts {
  return {
    nameSha256: hashed(row.person_id, row.name),
    titleSha256: hashed(row.person_id, row.signer_title),
    roles: row.roles,
    certificateSha256: row.certificate_sha256,
    signatureImageSha256: row.signature_image_sha256,
    active: row.active,
    passwordSha256: hashed(row.person_id, row.password_hash),
  }
}

export function settingFacts(row: Row<SettingTable>): Facts {
  return { valueSha256: hashed(row.name, row.value) }
}

export function requestFacts(row: Row<RequestTable>): Facts {
  return {
    requesterSha256: requesterSha256(row),
    receivedAt: row.received_at,
    receivedBy: row.received_by,
    dueAt: row.due_at,
    appointmentNeeded: row.appointment_needed,
    extensionReason: row.extension_reason,
    writtenAgreement: row.written_agreement,
    exemptionId: row.exemption_id,
  }
}

export function copyFacts(row: Row<CopyTable>): Facts {
  return {
    requestId: row.request_id,
    position: row.position,
    state: row.state,
    titleSha256: hashed(row.copy_id, row.title),
    kindSha256: hashed(row.copy_id, row.kind),
    issuerSha256: hashed(row.copy_id, row.issuer),
    copyCount: row.copy_count,
    originalPages: row.original_pages,
    fee: row.fee,
    remarkSha256: hashed(row.copy_id, row.remark),
    refusalGround: row.refusal_ground,
    decisionNumber: row.decision_number,
    decisionDate: row.decision_date,
    officerId: row.officer_id,
    signerId: row.signer_id,
    clerkId: row.clerk_id,
    contentSha256: row.content_sha256,
    contentTextSha256: hashed(row.copy_id, row.content),
    layoutSha256: hashed(row.copy_id, row.layout),
    composedSha256: row.composed_sha256,
    signedSha256: row.signed_sha256,
    sealedSha256: row.sealed_sha256,
    signedAt: row.signed_at,
    sealedAt: row.sealed_at,
  }
}

type FactsOfPage = Omit<PageTable, 'office_id' | 'copy_id' | 'position'>

/** Of a copy's pages in their order. */
export function pagesFacts(pages: readonly FactsOfPage[]): Facts {
  const list = pages.map(page => ({
    id: page.page_id,
    sha256: page.blob_sha256,
    mediaType: page.media_type,
    widthPx: page.width_px,
    heightPx: page.height_px,
    dpi: page.dpi,
    rotation: page.rotation,
  }))
  return { pages: list.length, pagesSha256: sha256OfText(canonicalJson(list)) }
}

/** What the register prints beside the number, as it stood when the number was given. */
export function registeredFacts(request: Row<RequestTable>, copy: Row<CopyTable>): Facts {
  return { requesterSha256: requesterSha256(request), titleSha256: hashed(copy.copy_id, copy.title) }
}

export function numberFacts(row: Row<CertificationNumberTable>): Facts {
  return {
    kind: row.kind,
    year: row.year,
    number: row.number,
    bookId: row.book_id,
    copyId: row.copy_id,
    numberState: row.state,
    voidReason: row.void_reason,
    takenAt: row.taken_at,
    day: row.day,
  }
}

export function restoredFacts(row: Row<RestoredNumberTable>): Facts {
  return {
    kind: row.kind,
    year: row.year,
    number: row.number,
    book: row.book,
    day: row.day,
    source: row.source,
    fileSha256: row.file_sha256,
    enteredAt: row.entered_at,
  }
}

export function bookFacts(row: Row<BookTable>): Facts {
  return {
    kind: row.kind,
    year: row.year,
    place: row.sequence,
    book: row.label,
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
  }
}

export function seriesFacts(row: Row<NumberSeriesTable>): Facts {
  return {
    kind: row.kind,
    year: row.year,
    lastNumber: row.last_number,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
  }
}

export function archiveFacts(row: Row<ArchiveTable>): Facts {
  return { fileSha256: row.file_sha256, archivedAt: row.archived_at, lastsUntil: row.lasts_until }
}

export function deliveryFacts(row: Pick<Row<OutboxTable>, 'receipt' | 'done_at'>): Facts {
  return { receipt: row.receipt, doneAt: row.done_at }
}

/** The facts in which a row differs from what it was. */
export function changedFacts(before: Facts, after: Facts): Facts {
  return Object.fromEntries(Object.entries(after).filter(([name, fact]) => before[name] !== fact))
}

/** How a row must stand after these events of its kind, given in their order; `names` are those of its facts. */
export function foldFacts(names: readonly string[], events: readonly AuditData[]): Facts {
  return Object.fromEntries(
    names.map(name => [
      name,
      events.reduce<Facts[string]>((last, data) => (name in data ? (data[name] ?? null) : last), null),
    ]),
  )
}

function requesterSha256(row: Row<RequestTable>): string | null {
  const requester = [row.requester_name, row.personal_number, row.email, row.phone]
  return hashed(row.request_id, requester)
}

function hashed(salt: string, value: Json): string | null {
  return value === null ? null : sha256OfText(canonicalJson([salt, value]))
}
