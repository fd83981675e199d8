/**
 * The office service: every use case of the certified-copy desk, pure of Electron, screens and networks. Each call takes the actor first
 * and checks the role in the store; each change writes state, audit event and outbox row in one transaction. All errors that a person
 * can meet are `OfficeError`s; signing and composing errors of the parts pass through unchanged.
 *
 * Where a `CopyRef` is asked for, give the last `CopyView` as it is: its version guards against two desks acting on one file.
 */

import type { SignatureValue } from '../../native-signing/types.ts'
import type { PageImage } from '../document/types.ts'
import type { DeliveryAdapter, Exchange } from '../portal/adapter.ts'
import type { Anchor, AnchorOccasion } from './audit/anchors.ts'
import type { AuditData } from './audit/chain.ts'
import type { OfficeSettings } from './settings.ts'
import type { PreparedSignature, SigningChoice } from './signing/engine.ts'
import type {
  Actor,
  AuditEvent,
  AuditVerdict,
  BookView,
  CancellationDecision,
  ClockState,
  Comparison,
  CopyQuery,
  CopyRef,
  CopyView,
  Extension,
  KnownHead,
  NewPerson,
  NewRequest,
  OfficeView,
  PageView,
  PersonView,
  RefusalGround,
  RefusalNotice,
  RegisterPrint,
  RegisterRow,
  RequestView,
  YearCount,
} from './types.ts'

/** Accounts, the office's own data and settings. Changes need the role admin. */
export interface PeopleService {
  /** Makes an office with its first administrator. The only call without an actor: there is nobody yet. */
  found(office: { readonly name: string }, administrator: { readonly name: string }): Promise<Actor>
  /** @throws OfficeError role-missing, input-invalid */
  add(actor: Actor, person: NewPerson): Promise<PersonView>
  /** Changes what is given, leaves the rest. @throws OfficeError last-administrator: it would leave nobody who may change anything */
  change(
    actor: Actor,
    personId: string,
    change: Partial<NewPerson> & { readonly active?: boolean },
  ): Promise<PersonView>
  /** PNG with transparent ground, blue (NĐ 30/2020 Phụ lục I II.7.d). */
  setSignatureImage(actor: Actor, personId: string, png: Uint8Array): Promise<PersonView>
  list(actor: Actor): Promise<readonly PersonView[]>
  /**
   * Sets or takes away the password of oneself, who must know the old one, or of another as administrator.
   * @throws OfficeError password-wrong, password-too-short, role-missing
   */
  setPassword(
    actor: Actor,
    personId: string,
    password: { readonly current: string | null; readonly next: string | null },
  ): Promise<PersonView>
  /**
   * Takes away a forgotten password, for whoever has the office's files in hand and so could read them anyway: no actor, no rule, but an event.
   * Never given to a page. @throws OfficeError person-unknown
   */
  removePassword(officeId: string, personId: string): Promise<PersonView>
  /** Makes somebody an active administrator (again), in the same way and for the same people. @throws OfficeError person-unknown */
  restoreAdministrator(officeId: string, personId: string): Promise<PersonView>
  /** Whether this is who they say: asked before anybody works. @throws OfficeError password-wrong, person-unknown, person-inactive */
  admit(actor: Actor, password: string | null): Promise<PersonView>
  office(actor: Actor): Promise<OfficeView>
  /** The name on everything from now on; what is signed keeps the one that it bears. Role admin. @throws OfficeError input-invalid */
  rename(actor: Actor, name: string): Promise<OfficeView>
  /** The organisation's certificate and the picture of the seal, red, real size (NĐ 30/2020 Phụ lục I II.8.a); without `png` it stays. */
  setSeal(
    actor: Actor,
    seal: { readonly certificateSha256: string; readonly png?: Uint8Array | null },
  ): Promise<OfficeView>
  settings(actor: Actor): Promise<OfficeSettings>
  changeSettings(actor: Actor, change: Partial<OfficeSettings>): Promise<OfficeSettings>
}

/** Dossiers (hồ sơ) over the desk. Role officer. */
export interface RequestService {
  /** One dossier, one draft copy per original; the deadline follows from the time of receipt (NĐ 23/2015 Đ7). */
  receive(actor: Actor, request: NewRequest): Promise<RequestView>
  read(actor: Actor, requestId: string): Promise<RequestView>
  /** @throws OfficeError extension-too-long, extension-not-later */
  extend(actor: Actor, requestId: string, extension: Extension): Promise<RequestView>
}

/** Work on one copy up to signing, and its ends. */
export interface CopyService {
  read(actor: Actor, copyId: string): Promise<CopyView>
  pages(actor: Actor, copyId: string): Promise<readonly PageView[]>
  /** Copies that fit, all when nothing is asked for. */
  list(actor: Actor, query?: CopyQuery): Promise<readonly CopyView[]>
  /** What waits for this person, by roles, most urgent first. */
  queue(actor: Actor): Promise<readonly CopyView[]>
  /** Takes the file on one's own desk for a while (`claimMinutes` of the settings). @throws OfficeError copy-claimed */
  claim(actor: Actor, copyId: string): Promise<CopyView>
  release(actor: Actor, copyId: string): Promise<CopyView>

  /** Stores page images behind those already there. Officer, draft only. */
  addPages(actor: Actor, copy: CopyRef, pages: readonly PageImage[]): Promise<CopyView>
  replacePage(actor: Actor, copy: CopyRef, pageId: string, page: PageImage): Promise<CopyView>
  /** New order and turns: every page id once; a page left out is removed. */
  arrangePages(
    actor: Actor,
    copy: CopyRef,
    pages: readonly { readonly id: string; readonly rotation?: 0 | 90 | 180 | 270 }[],
  ): Promise<CopyView>

  /** draft → submitted, officer. @throws OfficeError copy-without-pages, not-compared */
  submit(actor: Actor, copy: CopyRef, comparison: Comparison): Promise<CopyView>
  /** submitted → draft by the signer, or signed → draft by the clerk; a number already taken stays with the copy. */
  returnForMending(actor: Actor, copy: CopyRef, reason: string): Promise<CopyView>
  /** draft/submitted → refused, in writing with its ground (NĐ 23/2015 Đ9 kh.7, Đ22); a number already taken becomes void. */
  refuse(actor: Actor, copy: CopyRef, ground: RefusalGround, explanation: string): Promise<CopyView>
  /** What the written refusal says, to be printed. @throws OfficeError copy-state-wrong */
  refusalNotice(actor: Actor, copyId: string): Promise<RefusalNotice>
  /** draft/submitted → withdrawn by the requester; a number already taken becomes void. */
  withdraw(actor: Actor, copy: CopyRef, reason: string): Promise<CopyView>
  /** sealed/delivered → cancelled by decision (TT 01/2020 Đ7); nothing is deleted. */
  cancel(actor: Actor, copy: CopyRef, decision: CancellationDecision): Promise<CopyView>
  /** Absolute path of a stored file, its SHA-256 checked. @throws OfficeError file-missing; StoreError blob-missing, blob-damaged */
  file(actor: Actor, copyId: string, stage: 'composed' | 'signed' | 'sealed'): Promise<string>
}

/**
 * The two signatures. Each is prepare → (token, maybe on another PC) → complete. `prepare…` may be called again after any failure or
 * crash: the number stays, and the same day, signer and pages give the same file.
 */
export interface SigningService {
  /** Asked before a PIN. @throws OfficeError timestamp-not-set: a real office signs with proof of time, or not at all */
  requireTimestamps(): void
  /**
   * Fixes the content and takes the number in one transaction, then composes. Role signer, state submitted.
   * @throws OfficeError timestamp-not-set, no-open-book, clock-went-back, certificate-not-of-person, copy-changed-meanwhile; errors of composer and engine
   */
  prepareSignature(actor: Actor, copy: CopyRef, choice: SigningChoice): Promise<PreparedSignature>
  /** submitted → signed, after the result was verified. @throws OfficeError signing-day-changed, signed-file-wrong, timestamp-missing; engine errors */
  completeSignature(
    actor: Actor,
    prepared: PreparedSignature,
    value: SignatureValue,
    signal?: AbortSignal,
  ): Promise<CopyView>
  /** Role clerk, state signed; refused unless the signer's signature is valid (NĐ 30/2020 Đ32). @throws OfficeError certificate-not-of-office, signature-not-valid */
  prepareSeal(actor: Actor, copy: CopyRef, choice: SigningChoice): Promise<PreparedSignature>
  /** signed → sealed, and the delivery waits in the outbox. */
  completeSeal(
    actor: Actor,
    prepared: PreparedSignature,
    value: SignatureValue,
    signal?: AbortSignal,
  ): Promise<CopyView>
}

/** Books and the register SCT/BS. */
export interface RegisterService {
  /** Opens the year's first book, or the next one when the year's last is closed; numbers run on (NĐ 23/2015 Đ13 kh.2). */
  openBook(actor: Actor): Promise<BookView>
  /** Closes the year's open book. */
  closeBook(actor: Actor): Promise<BookView>
  /** Closes the open book and opens the next one in one step: numbers run on. */
  nextBook(actor: Actor): Promise<BookView>
  books(actor: Actor): Promise<readonly BookView[]>
  /** Every number whose certification day lies in [from, to], void ones with their reason, by year and number. */
  rows(actor: Actor, from: string, to: string): Promise<readonly RegisterRow[]>
  /** All that a printed register of the days [from, to] says. */
  print(actor: Actor, from: string, to: string): Promise<RegisterPrint>
  /**
   * Locks the year with its count; numbers of copies not yet signed become void. From 31 December on. Role signer.
   * @throws OfficeError year-not-over, year-closed, year-unfinished (signed copies still wait for the seal)
   */
  closeYear(actor: Actor, year: number): Promise<YearCount>
  /** The count so far, nothing closed. */
  countYear(actor: Actor, year: number): Promise<YearCount>
}

/** What became of one copy whose long-term file was due. */
export type ArchiveStep =
  | { readonly copyId: string; readonly result: 'renewed'; readonly lastsUntil: Date }
  | { readonly copyId: string; readonly result: 'failed'; readonly error: unknown }

/** The office's own long-term files (PAdES B-LTA); what citizens were given stays as it is. */
export interface ArchiveService {
  /** Sealed copies that are not archived yet, or whose archive time-stamp grows old; those that end first come first. */
  due(actor: Actor): Promise<readonly string[]>
  /**
   * Archives a copy, or renews its archive time-stamp. Role clerk or admin.
   * @throws OfficeError file-missing, copy-changed-meanwhile; errors of the engine
   */
  renew(actor: Actor, copyId: string, signal?: AbortSignal): Promise<{ readonly lastsUntil: Date }>
  /**
   * Archives or renews what is due, one after the other. A copy that cannot be is told and left as it was, and the next one comes; only an
   * authority that does not answer, or the signal, ends the round, as all others would meet the same.
   * @throws OfficeError role-missing
   */
  renewDue(actor: Actor, signal?: AbortSignal): AsyncGenerator<ArchiveStep>
  /** How long the archived file can be verified without being renewed; null where there is none. */
  lastsUntil(actor: Actor, copyId: string): Promise<Date | null>
  /** Absolute path of the archived file, its SHA-256 checked. @throws OfficeError file-missing; StoreError blob-missing, blob-damaged */
  file(actor: Actor, copyId: string): Promise<string>
}

export interface DeliveryOptions {
  readonly limit?: number
  readonly signal?: AbortSignal
  /** Milliseconds to wait after the n-th failed attempt (n from 1). */
  readonly backoff?: (attempt: number) => number
  /** How long a claimed row stays ours without a sign of life; after a crash others take it then. */
  readonly leaseMs?: number
  /** Only this copy, and at once, whatever its next time. */
  readonly copyId?: string
}

export interface DeliveryOutcome {
  readonly copyId: string
  /** `told`, `nothing-to-tell`: of a cancelled copy. `dropped`: cancelled while the attempt ran. */
  readonly result: 'delivered' | 'told' | 'nothing-to-tell' | 'dropped' | 'later' | 'needs-person'
  readonly errorCode: string | null
  readonly receipt: string | null
}

/** Whether the place that received a copy knows of its cancellation. */
export interface CancellationNotice {
  readonly copyId: string
  readonly state: 'waiting' | 'needs-person' | 'done'
  readonly errorCode: string | null
  readonly toldAt: Date | null
}

export interface DeliveryService {
  /** Sends what is due, and tells of what was cancelled, one after the other; safe to run in several processes. Throws only where the store itself fails. */
  run(officeId: string, adapter: DeliveryAdapter, options?: DeliveryOptions): Promise<readonly DeliveryOutcome[]>
  /** Copies whose delivery waits for a person, with the last error's code. */
  waitingForPerson(actor: Actor): Promise<readonly { readonly copyId: string; readonly errorCode: string }[]>
  /** Every request to the portal about a copy with its answer, oldest first: the office's proof of what was sent, and when. */
  evidence(actor: Actor, copyId: string): Promise<readonly Exchange[]>
  /** Puts a row that waits for a person back into the queue. */
  retry(actor: Actor, copyId: string): Promise<void>
  /** Cancelled copies of which another side may know, newest first. */
  cancellations(actor: Actor): Promise<readonly CancellationNotice[]>
  /** A person has told the other side of a cancellation that the program could not. @throws OfficeError delivery-not-waiting */
  toldByHand(actor: Actor, copyId: string): Promise<void>
}

export interface AuditOptions {
  /** Heads that were kept outside, which must still stand there. */
  readonly known?: readonly KnownHead[]
  readonly signal?: AbortSignal | undefined
  /** Called after each stored file. */
  readonly onFile?: (done: number, all: number) => void
}

export interface AuditService {
  /**
   * Holds the whole register against its events, its files and its anchors; changes nothing, and sees one moment while others go on working.
   * @throws what the signal aborted with; OfficeError role-missing
   */
  verify(actor: Actor, options?: AuditOptions): Promise<AuditVerdict>
  /**
   * Lets the time-stamp authority witness the chain's end now. `actorId` null: the program itself.
   * @throws OfficeError timestamp-not-set; SigningError timestamp-unavailable, timestamp-refused, timestamp-invalid
   */
  anchor(
    officeId: string,
    occasion: AnchorOccasion,
    by?: { readonly actorId: string | null; readonly signal?: AbortSignal },
  ): Promise<Anchor>
  /** The same once on each day of Vietnam's calendar on which something happened; null where it is not due or no authority is set. */
  anchorDaily(officeId: string, signal?: AbortSignal): Promise<Anchor | null>
  /** Notes how this PC's settings stand, where that differs from what was noted last; `file`: it was found so when the office was opened. */
  noteSettings(officeId: string, facts: AuditData, by: 'program' | 'file'): Promise<void>
  /** An administrator stands for settings that another hand has changed. @throws OfficeError role-missing */
  acceptSettings(actor: Actor): Promise<void>
  events(actor: Actor, after?: number, limit?: number): Promise<readonly AuditEvent[]>
  /** The PC's clock, held against what the office has seen of the time. */
  clock(actor: Actor): Promise<ClockState>
  /** What time it is by the time-stamp authority; null where there is none, or none that answers. */
  authorityTime(actor: Actor): Promise<Date | null>
  /**
   * A person confirms that the PC's clock is right: after a long closing (`clock-ahead`) whoever works; where it once ran ahead
   * (`clock-went-back`) an administrator, with the reason. The authority is asked first, where there is one.
   * @throws OfficeError role-missing, reason-missing, clock-differs
   */
  acceptClock(actor: Actor, reason: string | null): Promise<void>
}

export interface OfficeService {
  readonly people: PeopleService
  readonly requests: RequestService
  readonly copies: CopyService
  readonly signing: SigningService
  readonly register: RegisterService
  readonly archive: ArchiveService
  readonly delivery: DeliveryService
  readonly audit: AuditService
}
