/**
 * Tables of the office. Every table leads with `office_id`, so many offices can share one server. Portable types only: text, integer;
 * times are UTC ISO text, days `yyyy-mm-dd`, booleans 0/1, structured values JSON text parsed where they are read.
 */

import type { Generated } from 'kysely'

type Flag = 0 | 1

export interface OfficeTable {
  office_id: string
  name: string
  seal_certificate_sha256: string | null
  seal_image_sha256: string | null
  created_at: string
}

export interface PersonTable {
  office_id: string
  person_id: string
  name: string
  /** JSON array. */
  roles: string
  /** JSON array of lines. */
  signer_title: string
  certificate_sha256: string | null
  signature_image_sha256: string | null
  active: Flag
  /** See `office/people/password.ts`; null: none is asked. */
  password_hash: Generated<string | null>
  /** Since the last right one. */
  wrong_passwords: Generated<number>
}

export interface SettingTable {
  office_id: string
  name: string
  /** JSON. */
  value: string
}

/** A dossier (hồ sơ). */
export interface RequestTable {
  office_id: string
  request_id: string
  requester_name: string
  personal_number: string | null
  email: string | null
  phone: string | null
  received_at: string
  received_by: string
  due_at: string
  appointment_needed: Flag
  extension_reason: string | null
  written_agreement: Flag
  exemption_id: string | null
}

/** One original's certified copy. */
export interface CopyTable {
  office_id: string
  copy_id: string
  request_id: string
  /** Place among the originals of the dossier, from 1. */
  position: number
  version: number
  state: string
  title: string
  kind: string
  issuer: string
  copy_count: number
  original_pages: number | null
  fee: number | null
  remark: string | null
  refusal_ground: number | null
  decision_number: string | null
  decision_date: string | null
  officer_id: string
  signer_id: string | null
  clerk_id: string | null
  /** The content fixed for signing, JSON, and its SHA-256; what the signer signs is composed from this alone. */
  content: string | null
  content_sha256: string | null
  /** JSON of the composed file's layout. */
  layout: string | null
  composed_sha256: string | null
  signed_sha256: string | null
  sealed_sha256: string | null
  signed_at: string | null
  sealed_at: string | null
  claimed_by: string | null
  claimed_until: string | null
  /** What it is found by, without accents: requester, title, issuer, number, receipt. */
  search_text: string
}

export interface PageTable {
  office_id: string
  copy_id: string
  page_id: string
  position: number
  blob_sha256: string
  media_type: 'image/jpeg' | 'image/png'
  width_px: number
  height_px: number
  dpi: number
  rotation: 0 | 90 | 180 | 270
}

/** A book (quyển sổ) of one register and year. At most one is open. */
export interface BookTable {
  office_id: string
  book_id: string
  kind: string
  year: number
  /** Place among the year's books, from 1. */
  sequence: number
  label: string
  opened_at: string
  opened_by: string
  closed_at: string | null
  closed_by: string | null
}

/** The running number of one register and year, over all its books. */
export interface NumberSeriesTable {
  office_id: string
  kind: string
  year: number
  last_number: number
  closed_at: string | null
  closed_by: string | null
}

/** Every number ever taken; rows are never deleted, and `used` turns into `void` but never back. */
export interface CertificationNumberTable {
  office_id: string
  kind: string
  year: number
  number: number
  book_id: string
  copy_id: string
  state: 'used' | 'void'
  void_reason: string | null
  taken_at: string
  /** Day of certification, Vietnam's calendar; moves along when a signature succeeds on a later day than the number was taken. */
  day: string
}

/** A number used after the backup that the office was restored from, noted void; rows are only ever added. */
export interface RestoredNumberTable {
  office_id: string
  kind: string
  year: number
  number: number
  /** The book's label; empty where none is known. */
  book: string
  day: string
  source: 'file' | 'database' | 'head' | 'person'
  /** The certified file that bears the number, kept among the blobs. */
  file_sha256: string | null
  entered_at: string
}

export interface AuditEventTable {
  office_id: string
  sequence: number
  at: string
  actor_id: string | null
  action: string
  subject: string
  /** JSON. */
  data: string
  previous_hash: string
  hash: string
}

/** The chain's end; updating it is what makes writers of one office wait for each other. */
export interface AuditHeadTable {
  office_id: string
  sequence: number
  hash: string
  at: string
  /** Newest time that a time-stamp authority put on a signature. */
  witnessed_at: Generated<string | null>
  /** By how much our clock was ahead of the authority's at the last signature (behind: negative). */
  ahead_seconds: Generated<number | null>
}

/** What must still happen outside the office. One row per copy and kind. */
export interface OutboxTable {
  office_id: string
  copy_id: string
  /** `deliver` brings it to the citizen; `cancel` tells the portal that it was cancelled. */
  kind: 'deliver' | 'cancel'
  state: 'waiting' | 'needs-person' | 'done' | 'dropped'
  /** JSON object of strings. */
  checkpoint: Generated<string>
  attempts: Generated<number>
  next_at: string
  lease_id: string | null
  lease_until: string | null
  error_code: string | null
  receipt: string | null
  done_at: string | null
}

export interface ExchangeTable {
  office_id: string
  copy_id: string
  /** From 1 for each copy, in the order in which they went. */
  sequence: number
  step: string
  method: string
  address: string
  sent_at: string
  milliseconds: number
  status: number | null
  request: string | null
  answer: string | null
  error_code: string | null
}

/** The long-term file of a copy (PAdES B-LTA), the sealed one with validation data and archive time-stamps behind it. */
export interface ArchiveTable {
  office_id: string
  copy_id: string
  file_sha256: string
  archived_at: string
  /** End of the certificate under the newest archive time-stamp. */
  lasts_until: string
}

export interface Database {
  archive: ArchiveTable
  office: OfficeTable
  person: PersonTable
  setting: SettingTable
  request: RequestTable
  copy: CopyTable
  page: PageTable
  book: BookTable
  number_series: NumberSeriesTable
  certification_number: CertificationNumberTable
  restored_number: RestoredNumberTable
  audit_event: AuditEventTable
  audit_head: AuditHeadTable
  outbox: OutboxTable
  exchange: ExchangeTable
}
