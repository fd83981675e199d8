import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { isAuthoritySilent } from '../native-signing/errors.ts'
import { createHttpClient, type HttpClient } from '../native-signing/http/index.ts'
import type { TrustSettings } from '../native-signing/index.ts'
import { filePinAttempts, type LaunchModuleProcess } from '../native-signing/token/index.ts'
import type { ApiDesk, ChosenToken } from './api/context.ts'
import { ApiError } from './api/errors.ts'
import { BackupError } from './backup/errors.ts'
import { requireNoLostCopies } from './backup/lost-copies.ts'
import { type BackupMade, makeBackup } from './backup/make-backup.ts'
import { unfinishedPlan } from './backup/put-in-place.ts'
import { type DeskSettings, deskSettingsSchema, readDeskSettings, writeDeskSettings } from './desk-settings.ts'
import { createDeskTokens, type DeskTokens } from './desk-tokens.ts'
import type { Receipt } from './document/index.ts'
import { type DocumentWork, documentsHere } from './document-work.ts'
import { FileInspection, inspectHere } from './file-inspection.ts'
import { uuidV7 } from './identifiers.ts'
import { clearHalfWritten } from './leftovers.ts'
import type { AnchorOccasion } from './office/audit/anchors.ts'
import type { InspectFile } from './office/audit/check-files.ts'
import { isClockDoubt, requireClock } from './office/audit/clock.ts'
import { OfficeError } from './office/errors.ts'
import { createOffice } from './office/office.ts'
import { personView } from './office/people/access.ts'
import { lastBackup, noteBackup, renewMissingHead } from './office/recovery/notes.ts'
import { loadOfficeRules } from './office/rules.ts'
import type { DeliveryOptions, DeliveryOutcome, OfficeService } from './office/service.ts'
import { type BatchOutcome, type SignatureKind, signBatch } from './office/signing/batch.ts'
import type { Actor, CopyRef } from './office/types.ts'
import { readOwnJson } from './own-files.ts'
import { closeToOthers } from './own-folder.ts'
import type { DeliveryAdapter } from './portal/adapter.ts'
import { retryDelay } from './portal/backoff.ts'
import { createDossierAdapter } from './portal/dossier-api.ts'
import { dossierSettings } from './portal/dossier-settings.ts'
import { createManualPackageAdapter } from './portal/manual-package.ts'
import { programVersion } from './program-version.ts'
import { deskScanner } from './scanners.ts'
import { settingsFacts } from './settings-facts.ts'
import { bindSigningEngine, readTrust } from './signing-parts.ts'
import { openBlobs } from './store/blobs.ts'
import { DATABASE_FILE, makeStore, openStore, type Store } from './store/store.ts'

/** One office on one PC with all its parts: what the window, the command line and the server stand on. */
export interface Desk extends ApiDesk {
  readonly folder: string
  readonly settings: DeskSettings
  readonly tokens: DeskTokens
  /** One PIN, many copies; `pin` is wiped. @throws SigningError where the login fails; then nothing was touched */
  signBatch(
    actor: Actor,
    copies: readonly CopyRef[],
    kind: SignatureKind,
    chosen: ChosenToken,
    pin: Uint8Array | null,
    options?: { readonly lastTryConfirmed?: boolean; readonly keepPin?: boolean; readonly signal?: AbortSignal },
  ): AsyncGenerator<BatchOutcome>
  deliver(options?: DeliveryOptions): Promise<readonly DeliveryOutcome[]>
  /** Makes a backup in `place`, and notes it in the chain of events. @throws BackupError, StoreError, errors of the file system */
  backup(place: string, options?: { readonly recheck?: boolean; readonly signal?: AbortSignal }): Promise<BackupMade>
  /** When the last whole backup was made; null: never. */
  lastBackup(): Promise<Date | null>
  /** The journal notes settings that the program has written. */
  noteSettings(settings: DeskSettings): Promise<void>
  close(): Promise<void>
}

/** What the machine gives: time and chance. A test hands in its own. */
export interface Machine {
  readonly clock: () => Date
  readonly random: (bytes: number) => Uint8Array
  /** How a token's module gets its process; Node's own way when left out. */
  readonly launchTokenModule?: LaunchModuleProcess
  /** Who composes, reads files and prints; the thread that calls when left out. */
  readonly documents?: DocumentWork
}

export const thisMachine: Machine = { clock: () => new Date(), random: randomBytes }

const BLOBS = 'blobs'

/** Nobody waits longer for a print or a backup than that; milliseconds. */
const WITNESS_MS = 15_000

/** Under a clock in doubt nothing is written, yet the office must open, or nobody could say that the clock is right; what waits is noted then. */
async function unlessClockIsDoubted(noted: Promise<void>): Promise<void> {
  try {
    await noted
  } catch (error) {
    if (!isClockDoubt(error)) throw error
  }
}

/** Opens the office in `folder`: the one place where its parts are put together. @throws errors of the files and of the store */
export async function openDesk(folder: string, machine: Machine = thisMachine): Promise<Desk> {
  const { clock } = machine
  if (await unfinishedPlan(folder)) throw new BackupError('restore-unfinished')
  const settings = await readDeskSettings(folder)
  await closeToOthers(folder)
  for (const each of [folder, join(folder, BLOBS)]) await clearHalfWritten(each)
  const trust = await readTrust(folder, settings.trust)
  const http = createHttpClient()
  const store = await openStore(join(folder, DATABASE_FILE))
  try {
    await requireNoLostCopies(folder, store.reader, settings.officeId, async path =>
      // loaded only where there is a file to be read
      (await import('./backup/read-number.ts')).readNumberOfPdf(path),
    )
    await unlessClockIsDoubted(renewMissingHead(store, settings.officeId, clock()))
  } catch (error) {
    await store.close()
    throw error
  }
  const inspection = new FileInspection()
  const office = assembleOffice(folder, store, settings, trust, machine, inspection.inspect)
  const noteSettings = async (stand: DeskSettings, by: 'program' | 'file'): Promise<void> => {
    await office.audit.noteSettings(stand.officeId, await settingsFacts(folder, stand), by)
  }
  await unlessClockIsDoubted(noteSettings(settings, 'file')).catch(async error => {
    await store.close()
    throw error
  })
  const tokens = createDeskTokens({
    modules: settings.tokens.modules,
    environment: settings.tokens.environment,
    parameters: settings.tokens.parameters,
    keyFiles: settings.tokens.keyFiles.map(file => join(folder, file)),
    attempts: filePinAttempts(join(folder, 'pin-attempts.json')),
    launch: machine.launchTokenModule,
    trust,
    clock,
  })
  const { officeId } = settings
  /** A print is bound and stamped, a backup leaves the house: what they show is witnessed, unless the authority is away; then the daily anchor follows. */
  const witness = async (occasion: AnchorOccasion, actorId: string | null): Promise<void> => {
    if (!settings.timestamp) return
    try {
      await office.audit.anchor(officeId, occasion, { actorId, signal: AbortSignal.timeout(WITNESS_MS) })
    } catch (error) {
      if (!isAuthoritySilent(error)) throw error
    }
  }
  const signWith: Desk['signWith'] = (session, actor, copies, kind, chosen, signal) =>
    signBatch({ signing: office.signing, actor, kind, session, clock, ...chosen }, copies, signal)
  return {
    folder,
    officeId,
    settings,
    office,
    tokens,
    scanner: deskScanner(settings.scanner, machine.documents),
    people: async () =>
      (await store.reader.selectFrom('person').selectAll().where('office_id', '=', officeId).execute()).map(personView),
    incomingFolder: copyId => join(folder, 'incoming', copyId),
    findToken: async (actor, kind, choice) => {
      office.signing.requireTimestamps()
      return tokens.find(await registeredCertificate(office, actor, kind), choice)
    },
    signWith,
    async *signBatch(actor, copies, kind, chosen, pin, { signal, ...login } = {}) {
      await using session = await tokens.open(chosen, { pin, ...login })
      yield* signWith(session, actor, copies, kind, chosen, signal)
    },
    deliver: async options =>
      office.delivery.run(officeId, await openAdapter(folder, settings, http, clock), {
        backoff: attempt => retryDelay(attempt, Math.random()),
        ...options,
      }),
    printRegister: async (actor, from, to, out) => {
      await witness('register-print', actor.personId)
      const print = { ...(await office.register.print(actor, from, to)), printedAt: clock() }
      const files = { pdf: join(out, 'register.pdf'), xlsx: join(out, 'register.xlsx') }
      await (machine.documents ?? documentsHere).printRegister(print, files)
      return files
    },
    printReceipt: async (actor, requestId, out) => {
      const file = join(out, 'receipt.pdf')
      await (machine.documents ?? documentsHere).printReceipt(await receiptOf(office, actor, requestId), file)
      return file
    },
    backup: async (place, options) => {
      await witness('backup', null)
      const at = clock()
      // Its event could not be written, and each try would leave one more backup.
      await requireClock(store.reader, officeId, at)
      const made = await makeBackup({ folder, settings, programVersion: programVersion() }, place, {
        at,
        keep: settings.backup.keep,
        ...options,
      })
      await noteBackup(store, officeId, clock(), made)
      return made
    },
    noteSettings: stand => noteSettings(stand, 'program'),
    lastBackup: () => lastBackup(store.reader, officeId),
    close: async () => {
      await inspection[Symbol.asyncDispose]()
      await tokens[Symbol.asyncDispose]()
      await store.close()
    },
  }
}

/**
 * Makes the office in an empty folder, with its settings and its first administrator. @returns the office's id
 * @throws ApiError office-already-there, StoreError store-missing where only a part of an office is left
 */
export async function foundDesk(
  folder: string,
  { name, administrator }: { readonly name: string; readonly administrator: string },
  settings: Omit<z.input<typeof deskSettingsSchema>, 'officeId'> = {},
): Promise<string> {
  const store = await makeStore(join(folder, DATABASE_FILE))
  try {
    // What a crash left of a founding holds no book yet.
    if ((await store.reader.selectFrom('book').select('book_id').execute()).length > 0)
      throw new ApiError('office-already-there')
    const founding = deskSettingsSchema.parse({ ...settings, officeId: 'none yet' })
    const office = assembleOffice(
      folder,
      store,
      founding,
      await readTrust(folder, founding.trust),
      thisMachine,
      async (path, as) => inspectHere(path, as),
    )
    const { officeId } = await office.people.found({ name }, { name: administrator })
    await writeDeskSettings(folder, { ...settings, officeId })
    await closeToOthers(folder)
    return officeId
  } finally {
    await store.close()
  }
}

function assembleOffice(
  folder: string,
  store: Store,
  settings: DeskSettings,
  trust: TrustSettings,
  { clock, random, documents = documentsHere }: Machine,
  inspectFile: InspectFile,
): OfficeService {
  return createOffice({
    store,
    blobs: openBlobs(join(folder, BLOBS)),
    clock,
    pause: milliseconds => wait(milliseconds),
    newId: () => uuidV7(clock(), random),
    compose: documents.compose,
    ...bindSigningEngine(settings, trust, clock),
    inspectFile,
    leastLevel: settings.practice ? 'B-B' : 'B-T',
    workFolder: join(folder, 'work'),
    rules: loadOfficeRules(),
  })
}

async function registeredCertificate(office: OfficeService, actor: Actor, kind: SignatureKind): Promise<string> {
  const registered =
    kind === 'seal'
      ? (await office.people.office(actor)).sealCertificateSha256
      : (await office.people.list(actor)).find(person => person.id === actor.personId)?.certificateSha256
  if (!registered) throw new OfficeError('certificate-not-registered')
  return registered
}

async function receiptOf(office: OfficeService, actor: Actor, requestId: string): Promise<Receipt> {
  const { requester, receivedAt, receivedBy, dueAt, copies } = await office.requests.read(actor, requestId)
  const officer = (await office.people.list(actor)).find(person => person.id === receivedBy)
  return {
    officeName: (await office.people.office(actor)).name,
    code: requestId.slice(-12).toUpperCase(),
    requesterName: requester.name,
    phone: requester.phone,
    email: requester.email,
    papers: copies,
    receivedAt,
    dueAt,
    officerName: officer?.name ?? '',
  }
}

const credentialsSchema = z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) })

async function openAdapter(
  folder: string,
  { delivery }: DeskSettings,
  http: HttpClient,
  clock: Machine['clock'],
): Promise<DeliveryAdapter> {
  if (delivery.kind === 'manual-package')
    return createManualPackageAdapter({ directory: resolve(folder, delivery.folder), clock })
  const credentials = await readOwnJson(resolve(folder, delivery.credentialsFile), credentialsSchema)
  return createDossierAdapter(dossierSettings(delivery.settings), { credentials, http, clock })
}
