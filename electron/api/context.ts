import type { Certificate, TokenInfo, TokenSession } from '../../native-signing/types.ts'
import type { Language } from '../messages.ts'
import type { DeliveryOutcome, OfficeService } from '../office/service.ts'
import type { BatchOutcome, SignatureKind } from '../office/signing/batch.ts'
import type { Actor, CopyRef, PersonView } from '../office/types.ts'
import type { VerifiedFile } from '../office/verification/verify-file.ts'
import type { ScanEvent, ScannerDriver } from '../scanning/driver.ts'
import type { ChangeFeed } from './changes.ts'
import type { ChosenPaths, PathPurpose } from './chosen-paths.ts'
import type { BackupCheck, BackupState } from './contract/backup.ts'
import type { DiagnosticsSection } from './contract/diagnostics.ts'
import type { PracticeState } from './contract/practice.ts'
import type { DeskSettingsItem, ServiceState, UpdateNews, UpdatesPossible } from './contract/settings.ts'
import type { HeldToken } from './held-token.ts'
import type { Jobs } from './job-list.ts'
import type { JournalChecks } from './journal-checks.ts'
import type { RemovedPages } from './removed-pages.ts'
import type { UploadStore } from './upload-store.ts'

/** Which token is meant, where more than one could be. */
export interface TokenChoice {
  readonly module?: string
  readonly token?: string
}

/** The token that holds the wanted certificate, seen before any PIN. */
export interface ChosenToken {
  readonly token: TokenInfo
  readonly certificate: Certificate
  /** Issuers' certificates for the signature, the leaf's issuer first, the trust anchor left out. */
  readonly chain: readonly Certificate[]
}

/** The tokens on the PC where the page is. */
export interface ApiTokens {
  list(
    choice?: TokenChoice,
    anew?: boolean,
  ): Promise<readonly (TokenInfo | { readonly module: string; readonly error: Error })[]>
  /** Modules that the program finds on this PC by itself, whatever the settings name. */
  found(): readonly string[]
  judge(certificate: Certificate, token: TokenInfo): { readonly isIssuer: boolean; readonly problem: Error | null }
  /** Logs in, once; `pin` is wiped. @throws SigningError where the login fails */
  open(
    chosen: ChosenToken,
    login: { readonly pin: Uint8Array | null; readonly lastTryConfirmed?: boolean; readonly keepPin?: boolean },
  ): Promise<TokenSession>
  /** Whether the token, not one file, was at fault: its login is over. */
  isFault(error: unknown): boolean
  newPinLimits(token: TokenInfo): { readonly minimum: number; readonly maximum: number } | null
  issuerOf(module: string): string | null
  changePin(
    token: Pick<TokenInfo, 'module' | 'slotId' | 'serialNumber'>,
    login: {
      readonly pin: Uint8Array | null
      readonly newPin: Uint8Array | null
      readonly lastTryConfirmed?: boolean
    },
  ): Promise<void>
}

/** What the calls need of an open office; `electron/desk.ts` has it, later a server too. */
export interface ApiDesk {
  readonly officeId: string
  readonly office: OfficeService
  readonly scanner: ScannerDriver
  readonly tokens: ApiTokens
  /** Everybody in the office; for choosing who works, before there is an actor. */
  people(): Promise<readonly PersonView[]>
  /** Where a copy's pages lie until they are the copy's own. */
  incomingFolder(copyId: string): string
  /** The token that this actor's signature needs, judged before any PIN. @throws SigningError, OfficeError timestamp-not-set, certificate-not-registered */
  findToken(actor: Actor, kind: SignatureKind, choice?: TokenChoice): Promise<ChosenToken>
  /** Many copies with a token that is logged in; it stays so. */
  signWith(
    session: TokenSession,
    actor: Actor,
    copies: readonly CopyRef[],
    kind: SignatureKind,
    chosen: ChosenToken,
    signal?: AbortSignal,
  ): AsyncGenerator<BatchOutcome>
  deliver(options?: { readonly copyId?: string; readonly signal?: AbortSignal }): Promise<readonly DeliveryOutcome[]>
  /** Writes register.pdf and register.xlsx of the days [from, to] into a folder. */
  printRegister(
    actor: Actor,
    from: string,
    to: string,
    folder: string,
  ): Promise<{ readonly pdf: string; readonly xlsx: string }>
  /** Writes receipt.pdf of a request into a folder. @returns its path */
  printReceipt(actor: Actor, requestId: string, folder: string): Promise<string>
}

export interface DeskSettingsChange {
  readonly tokenModules?: readonly string[]
  readonly extraScanners?: readonly string[]
  readonly timestampUrl?: string | null
  /** Chosen in a dialog of the system; no call of the page names it. */
  readonly backupFolder?: string | null
}

/** The practice office's own things: what a person who learns may see and use. */
export interface PracticeParts {
  state(): Promise<Omit<PracticeState, 'hasOffice' | 'renewable'>>
  /** Invented pages as a scanner would bring them. */
  lay(paperId: string, folder: string, signal?: AbortSignal): AsyncIterable<ScanEvent>
}

/** The program around the office: one per process, shared by all its windows (or, on a server, by all its connections). */
export interface ApiHost {
  readonly programVersion: string
  readonly clock: () => Date
  readonly changes: ChangeFeed
  readonly removedPages: RemovedPages
  readonly journalChecks: JournalChecks
  readonly paths: ChosenPaths
  /** Asks the person in the system's own dialog. @returns null: none was chosen. @throws ApiError path-of-brought-files */
  choosePath(purpose: PathPurpose): Promise<string | null>
  /** For uploads and prints; emptied when the program starts. */
  readonly temporaryFolder: string
  /** Something failed that the person is told in another way, or that nobody waits for: kept for support. */
  onFault(what: string, error: unknown): void
  language(): Language
  setLanguage(language: Language): Promise<void>
  /** The open office; null at the first start. */
  desk(): ApiDesk | null
  deskSettings(): DeskSettingsItem
  /** Writes them and opens the office again. */
  changeDeskSettings(change: DeskSettingsChange): Promise<void>
  /** Makes and opens the office. @returns its administrator. @throws ApiError office-already-there */
  found(office: { readonly name: string; readonly administrator: string }): Promise<Actor>
  /** Whether this PC has an office of its own, open or not. */
  hasOffice(): Promise<boolean>
  /**
   * Makes the practice office where there is none, starts its services and opens it; the next start opens this PC's own office again. Where
   * that fails, the office that was open is so still.
   */
  startPractice(): Promise<void>
  /** The same with a new one: what was practised is deleted. @throws ApiError call-refused: the open practice office is not this program's own */
  renewPractice(): Promise<void>
  /** Whether the practice office is the one that `renewPractice` makes anew, and not another that was named at the start. */
  ownsPractice(): boolean
  /** Closes the practice office, whose data stay, and opens this PC's own where there is one; else the next start is a first start again. */
  leavePractice(): Promise<void>
  /** Null outside a practice office. */
  practice(): PracticeParts | null
  /** The office's data in a second place. */
  readonly backup: {
    state(): Promise<
      Pick<BackupState, 'place' | 'sameDrive' | 'underWay'> & {
        readonly lastGood: Date | null
        readonly problem: unknown
      }
    >
    /** Asks for it in a dialog of the system, and opens the office again. @throws BackupError backup-place-wrong */
    choosePlace(): Promise<void>
    stop(): Promise<void>
    /** At a first start: asks for the backup place, restores this PC's office and opens it. @throws ApiError office-already-there */
    restore(): Promise<void>
    now(): Promise<void>
    verify(): Promise<BackupCheck>
  }
  /** Tries the services that the settings name. */
  services(): Promise<readonly ServiceState[]>
  /** Where newer programs come from; null: nobody is asked. */
  readonly updates: {
    feed(): string | null
    readonly possible: UpdatesPossible
    /** From the next start on; what was fetched from another feed is not installed. */
    follow(feed: string | null): Promise<void>
    /** Asks the feed, fetches nothing. @throws ApiError update-feed-wrong, update-not-signed */
    look(): Promise<UpdateNews>
  }
  /** Judges a file by the open office's trust. @throws SigningError, DocumentError */
  verify(
    file: { readonly path: string; readonly password: string | null },
    options: { readonly signal: AbortSignal },
  ): Promise<VerifiedFile>
  /** Facts of the machine for support: no secret, no personal data. */
  machineFacts(): Promise<readonly DiagnosticsSection[]>
}

/** What belongs to one window (or connection): who works there, and its work under way. */
export interface ApiSession {
  actor: Actor | null
  readonly jobs: Jobs
  readonly token: HeldToken
  readonly uploads: UploadStore
}

export interface ApiContext {
  readonly host: ApiHost
  readonly session: ApiSession
}
