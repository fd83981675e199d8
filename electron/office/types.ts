/** Shapes that the office service takes and gives. Times are UTC `Date`, days `yyyy-mm-dd` in Vietnam's calendar, money whole đồng. */

import type { RegisterPrint as PrintedRegister, RegisterRow as PrintedRow } from '../document/register.ts'
import type { PageImage } from '../document/types.ts'
import type { AuditFinding } from './audit/findings.ts'

/**
 * What a person may do. `officer`: receives, scans, compares (công chức tư pháp – hộ tịch). `signer`: chairman or delegate (người thực hiện
 * chứng thực, NĐ 280/2025 Đ2 kh.9). `clerk`: keeps the seal (văn thư, NĐ 30/2020 Đ32). `admin`: accounts and settings only.
 */
export const ROLES = ['officer', 'signer', 'clerk', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks. The roles are looked up in the store at each call, so a caller cannot claim any. */
export interface Actor {
  readonly officeId: string
  readonly personId: string
  /** Set where nobody asked for proof that it is this person; the events of what is done say so. */
  readonly via?: 'command-line'
}

export const COPY_STATES = [
  'draft',
  'submitted',
  'signed',
  'sealed',
  'delivered',
  'cancelled',
  'refused',
  'withdrawn',
] as const
export type CopyState = (typeof COPY_STATES)[number]

/** Points at a copy as the caller last saw it: a change by somebody else in between gives `copy-changed-meanwhile`. */
export interface CopyRef {
  readonly id: string
  readonly version: number
}

export interface PersonView {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Lines above the name in the statement, upper case: ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"] (NĐ 30/2020 Phụ lục I II.7.b). */
  readonly signerTitle: readonly string[]
  readonly certificateSha256: string | null
  readonly hasSignatureImage: boolean
  /** Asked for before this person can work at a window. */
  readonly hasPassword: boolean
  readonly active: boolean
}

export interface NewPerson {
  readonly name: string
  readonly roles: readonly Role[]
  readonly signerTitle?: readonly string[]
  /** SHA-256 of the certificate on the person's own token. */
  readonly certificateSha256?: string | null
}

export interface OfficeView {
  readonly id: string
  readonly name: string
  /** SHA-256 of the organisation's certificate. */
  readonly sealCertificateSha256: string | null
  readonly hasSealImage: boolean
}

export interface Requester {
  /** Full name; all that the register needs (column 3 of SCT/BS). */
  readonly name: string
  /** 12-digit personal number (số định danh cá nhân), the key of the citizen's store; null when none was given. */
  readonly personalNumber: string | null
  readonly email: string | null
  readonly phone: string | null
}

/** A paper original that lies on the desk. */
export interface NewOriginal {
  /** "Giấy khai sinh", "Bằng tốt nghiệp đại học" … (column 4 of the register). */
  readonly title: string
  /** Kind of paper, free text or from the office's list. */
  readonly kind: string
  readonly issuer: string
  /** Copies certified from it at this moment, the electronic one included; all carry one number (NĐ 23/2015 Đ20). */
  readonly copyCount: number
}

export interface NewRequest {
  readonly requester: Requester
  readonly originals: readonly NewOriginal[]
  /** When the papers came over the desk; now, when left out. */
  readonly receivedAt?: Date
  /** Id of one of the exemptions in the office's settings. */
  readonly exemptionId?: string | null
}

/** Reasons for more time, NĐ 23/2015 Đ21. */
export type ExtensionReason = 'many-kinds' | 'many-pages' | 'many-copies' | 'hard-to-compare'

export interface Extension {
  readonly dueAt: Date
  readonly reason: ExtensionReason
  /** More than two working days need the requester's written agreement (NĐ 23/2015 Đ21). */
  readonly writtenAgreement: boolean
}

export interface RequestView {
  readonly id: string
  readonly requester: Requester
  readonly receivedAt: Date
  readonly receivedBy: string
  readonly dueAt: Date
  readonly extension: { readonly reason: ExtensionReason; readonly writtenAgreement: boolean } | null
  /** A written appointment (phiếu hẹn) with hour and day is owed: received after 15:00 or extended (TT 01/2020 Đ2). */
  readonly appointmentNeeded: boolean
  readonly exemptionId: string | null
  readonly copies: readonly CopyView[]
}

export interface PageView extends PageImage {
  readonly id: string
  readonly sha256: string
}

/** Which copies, and how many. */
export interface CopyQuery {
  readonly states?: readonly CopyState[]
  /** Words of requester, title, issuer, number or receipt, in any order; accents and case do not matter. */
  readonly search?: string
  readonly limit?: number
  /** By deadline when left out. */
  readonly order?: 'most-urgent' | 'newest'
}

/** One original's certified copy, at any state. */
export interface CopyView extends CopyRef {
  readonly requestId: string
  readonly requesterName: string
  readonly receivedAt: Date
  readonly state: CopyState
  readonly title: string
  readonly kind: string
  readonly issuer: string
  readonly copyCount: number
  readonly pageCount: number
  /** Pages of the original, the measure of the fee; null until submitted. */
  readonly originalPages: number | null
  /** Đồng; null until submitted. */
  readonly fee: number | null
  /** As written in the statement: "01", "01/2026-SCT/BS", "2026-11-22"; null until the content was fixed. */
  readonly certification: { readonly number: string; readonly book: string; readonly date: string } | null
  readonly dueAt: Date
  /** Why it came back, was refused, withdrawn or cancelled: the last word said on it. */
  readonly remark: string | null
  readonly claimedBy: string | null
  readonly claimedUntil: Date | null
  readonly officerId: string
  readonly signerId: string | null
  readonly clerkId: string | null
  readonly signedAt: Date | null
  readonly sealedAt: Date | null
  readonly receipt: string | null
  /** SHA-256 of the files so far. */
  readonly composedSha256: string | null
  readonly signedSha256: string | null
  readonly sealedSha256: string | null
}

/** The officer's own word that the copy was compared with the paper original (TT 01/2020 Đ10, Đ11 kh.1). */
export interface Comparison {
  readonly comparedWithOriginal: boolean
  readonly allPagesPresent: boolean
  /** When it differs from the number of page images (a passport's double pages, an A3 sheet in two parts). */
  readonly originalPages?: number
}

/** A decision that takes away a copy's legal value (TT 01/2020 Đ7). */
export interface CancellationDecision {
  readonly number: string
  readonly date: string
}

/** Grounds of NĐ 23/2015 Đ22, in the decree's order. */
export const REFUSAL_GROUNDS = [1, 2, 3, 4, 5, 6] as const
export type RefusalGround = (typeof REFUSAL_GROUNDS)[number]

/** All that the written refusal says (NĐ 23/2015 Đ9 kh.7, Đ22). */
export interface RefusalNotice {
  readonly officeName: string
  readonly requesterName: string
  readonly title: string
  readonly issuer: string
  readonly ground: RefusalGround
  /** The ground in the decree's own words, and where they stand. */
  readonly groundText: string
  readonly legalBasis: string
  readonly explanation: string
}

export interface BookView {
  readonly id: string
  readonly kind: string
  readonly year: number
  /** "01/2026-SCT/BS". */
  readonly label: string
  readonly openedAt: Date
  readonly closedAt: Date | null
  readonly firstNumber: number | null
  readonly lastNumber: number | null
}

/** A line of the register SCT/BS: what is printed, and the copy that it is about. */
export interface RegisterRow extends PrintedRow {
  /** Null for a number whose copy was lost with the data after the last backup. */
  readonly copyId: string | null
}

/** The register of a period, ready to be printed, bound and stamped (NĐ 23/2015 Đ13 kh.3). */
export interface RegisterPrint extends Omit<PrintedRegister, 'printedAt'> {
  /** Books with numbers in the period, in order. */
  readonly books: readonly BookView[]
  readonly rows: readonly RegisterRow[]
  /** End of the audit chain now: on stamped paper it holds the chain down, since `verify` can be asked for it ever after. */
  readonly audit: { readonly sequence: number; readonly hash: string }
}

/** The count at the year's end (NĐ 23/2015 Đ13 kh.1). `numbers` = certified + voided + pending; cancelled copies count as certified too. */
export interface YearCount {
  readonly year: number
  readonly numbers: number
  readonly certified: number
  readonly cancelled: number
  readonly voided: number
  /** Taken, not yet signed and sealed; none after the closing. */
  readonly pending: number
  readonly copies: number
  readonly fees: number
}

export interface AuditEvent {
  readonly sequence: number
  readonly at: Date
  /** Null: the program itself (delivery). */
  readonly actorId: string | null
  readonly action: string
  readonly subject: string
  /** Facts without personal data: codes, hashes, numbers. */
  readonly data: Readonly<Record<string, string | number | null>>
  readonly previousHash: string
  readonly hash: string
}

export interface ClockState {
  readonly now: Date
  /** Not right: nothing is written until somebody confirms it, or sets it. */
  readonly verdict: 'right' | 'went-back' | 'ahead'
  /** Of the last event. */
  readonly last: Date
  /** Newest time that a time-stamp authority vouched for. */
  readonly witness: Date | null
  /** By how much the clock was ahead of the authority's at the last signature (behind: negative); 0 where that is not worth a word. */
  readonly aheadSeconds: number
}

/** The highest number that a register has given in a year. */
export interface HighestNumber {
  readonly kind: string
  readonly year: number
  readonly number: number
}

/** An event's hash that was kept outside: printed with the register, noted in a backup, sent elsewhere. */
export interface KnownHead {
  readonly sequence: number
  readonly hash: string
}

/** Whether the register is true: what stands in tables, files and anchors is what the events say. */
export interface AuditVerdict {
  /** Nothing was found. */
  readonly intact: boolean
  readonly events: number
  /** Hash of the last event: print it with the register, and a later rewriting of the whole chain shows. */
  readonly head: string
  /** Sequence of the first event that does not fit. */
  readonly brokenAt: number | null
  readonly numbers: readonly HighestNumber[]
  readonly checked: {
    readonly numbers: number
    readonly copies: number
    readonly files: number
    readonly anchors: number
  }
  readonly findings: readonly AuditFinding[]
}
