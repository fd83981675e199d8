import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createHttpClient } from '../../native-signing/http/index.ts'
import { createChangeFeed } from '../api/changes.ts'
import { ChosenPaths, type PathPurpose } from '../api/chosen-paths.ts'
import type { ApiHost, DeskSettingsChange, PracticeParts } from '../api/context.ts'
import { ApiError } from '../api/errors.ts'
import { JournalChecks } from '../api/journal-checks.ts'
import { RemovedPages } from '../api/removed-pages.ts'
import { BackupError } from '../backup/errors.ts'
import { requirePlaceApart } from '../backup/place-apart.ts'
import { isThere } from '../backup/put-in-place.ts'
import { verifyBackup } from '../backup/verify-backup.ts'
import { type Desk, foundDesk, type Machine, openDesk } from '../desk.ts'
import { readDeskSettings, SETTINGS_FILE, writeDeskSettings } from '../desk-settings.ts'
import { documentsHere } from '../document-work.ts'
import { findingExplainer } from '../finding-words.ts'
import type { Language } from '../messages.ts'
import { OfficeError } from '../office/errors.ts'
import { closeToOthers } from '../own-folder.ts'
import type { LaunchSoftTokenWorker } from '../sandbox/soft-token.ts'
import { createTurns } from '../turns.ts'
import { type BackupRounds, startBackupRounds } from './backup-round.ts'
import { liesWhereFilesAreBrought } from './brought-files.ts'
import { startDailyAnchor } from './daily-anchor.ts'
import { startDeliveryRounds } from './delivery-round.ts'
import { machineFacts } from './machine-facts.ts'
import { holdsOffice } from './own-office.ts'
import { readProgramState, writeProgramState } from './program-state.ts'
import { checkServices } from './service-check.ts'
import type { Updater } from './updater.ts'

export interface HostOptions {
  /** The program's own folder of this person: what it remembers, the practice office, and the office where no other folder is named. */
  readonly dataFolder: string
  /** The office's folder, when it is not the usual one. */
  readonly officeFolder: string | null
  /** Opens the practice office, whichever was open last. */
  readonly practice: boolean
  /** Emptied at each start. */
  readonly temporaryFolder: string
  readonly programVersion: string
  readonly machine: Machine
  /** How the process is started that makes practice tokens; Node's own way when left out. */
  readonly launchSoftToken?: LaunchSoftTokenWorker
  /** The system's own dialog; left out where there is none. @returns null: none was chosen */
  readonly askForPath?: (purpose: PathPurpose, language: Language) => Promise<string | null>
  /** Asks a person at this PC for a folder; null where the dialog was closed. */
  readonly chooseFolder: (purpose: 'backup-place', language: Language) => Promise<string | null>
  /** Lets a person at this PC restore the office into a folder, and tells what came of it. @returns false where it was called off */
  readonly restore: (into: string, language: Language) => Promise<boolean>
  /** Left out where no program can be fetched. */
  readonly updater?: Updater
  /** What nobody waits for has failed; the program goes on. */
  readonly onFault: (what: string, error: unknown) => void
}

/** The office and all that runs around it. Closed in order: what runs is ended, then the services, then the files. */
export interface DeskHost extends ApiHost {
  close(): Promise<void>
}

/** An office that is open, with what belongs to it. */
interface OpenOffice extends AsyncDisposable {
  readonly desk: Desk
  readonly folder: string
  /** Null in a real office, which then never loads the sandbox. */
  readonly practice: PracticeParts | null
  readonly backups: BackupRounds
}

const BACKUP_EVERY = 30 * 60_000
const BACKUP_SETTLE = 20_000
const DELIVERY_EVERY = 60_000
const DELIVERY_SETTLE = 400
const ANCHOR_FIRST = 20_000
const ANCHOR_EVERY = 10 * 60_000

/** Opens this PC's office; where there is none, the practice office that somebody has begun with. @throws errors of its files, settings and store */
export async function openHost(options: HostOptions): Promise<DeskHost> {
  const { dataFolder, temporaryFolder, programVersion, machine, onFault } = options
  const { clock } = machine
  const http = createHttpClient()
  const stateFile = join(dataFolder, 'program.json')
  const ownFolder = options.officeFolder ?? join(dataFolder, 'office')
  const practiceFolder = join(dataFolder, 'practice-office')
  const changes = createChangeFeed()
  await rm(temporaryFolder, { recursive: true, force: true })
  await mkdir(temporaryFolder, { recursive: true })
  await closeToOthers(dataFolder)

  let state = await readProgramState(stateFile)
  let open: OpenOffice | null = null
  /** Offices are made, opened and closed one after another: a second click finds what the first one did. */
  const inTurn = createTurns()

  const close = async (): Promise<void> => {
    await open?.[Symbol.asyncDispose]()
    open = null
  }
  const openFolder = async (folder: string): Promise<void> => {
    await close()
    open = await openOffice(folder, machine, changes, onFault)
  }
  const remember = async (change: Partial<typeof state>): Promise<void> => {
    state = { ...state, ...change }
    await writeProgramState(stateFile, state)
  }
  const opened = (): OpenOffice => {
    if (!open) throw new ApiError('no-office-open')
    return open
  }

  let isAsking = false
  /** One dialog at a time: a page cannot cover the screen with them. */
  const choosePath = async (purpose: PathPurpose): Promise<string | null> => {
    if (isAsking) throw new ApiError('call-refused')
    isAsking = true
    try {
      const path = (await options.askForPath?.(purpose, state.language)) ?? null
      const own = [dataFolder, temporaryFolder, ownFolder, ...(open ? [open.folder] : [])]
      if (path !== null && (await liesWhereFilesAreBrought(path, own))) throw new ApiError('path-of-brought-files')
      return path
    } finally {
      isAsking = false
    }
  }

  const backupPlace = (): string => {
    const place = opened().desk.settings.backup.folder
    if (place === null) throw new BackupError('backup-not-set')
    return place
  }
  const changeBackupPlace = (backupFolder: string | null) =>
    inTurn(async () => {
      const { folder } = opened()
      if (backupFolder !== null) await requirePlaceApart(folder, backupFolder)
      await changeSettings(folder, { backupFolder })
      await opened().desk.noteSettings(await readDeskSettings(folder))
      await openFolder(folder)
    })
  const hasOffice = () => holdsOffice(ownFolder)
  /** Makes the practice office where there is none, and opens it in the place of what is open. */
  const enterPractice = async () => {
    if (state.practiceLeft) await remember({ practiceLeft: false })
    const { ensurePracticeOffice } = await import('./practice.ts')
    await ensurePracticeOffice(practiceFolder, clock(), options.launchSoftToken)
    const folder = open?.folder
    try {
      await openFolder(practiceFolder)
    } catch (error) {
      if (folder !== undefined) await openFolder(folder)
      throw error
    }
  }
  const startPractice = () =>
    inTurn(async () => {
      if (!open?.practice) await enterPractice()
    })
  const renewPractice = () =>
    inTurn(async () => {
      if (open?.practice && open.folder !== practiceFolder) throw new ApiError('call-refused')
      if (open?.practice) await close()
      const { giveUpPracticeOffice } = await import('./practice.ts')
      try {
        await giveUpPracticeOffice(practiceFolder)
        await enterPractice()
      } catch (error) {
        if (!open && (await hasOffice())) await openFolder(ownFolder)
        throw error
      }
    })

  const leavePractice = () =>
    inTurn(async () => {
      if (!open?.practice) return
      await remember({ practiceLeft: true })
      await close()
      if (await hasOffice()) await openFolder(ownFolder)
    })

  if (options.practice) await startPractice()
  else if (await hasOffice()) await openFolder(ownFolder)
  // Whoever has been practising goes on with it, until it is left or there is an office.
  else if (options.officeFolder === null && !state.practiceLeft && (await isThere(join(practiceFolder, SETTINGS_FILE))))
    await startPractice()

  return {
    backup: {
      state: async () => {
        const { desk, folder, backups } = opened()
        const place = desk.settings.backup.folder
        return {
          place,
          sameDrive: place !== null && (await isOnSameDrive(folder, place)),
          lastGood: await desk.lastBackup(),
          underWay: backups.underWay,
          problem: backups.problem,
        }
      },
      choosePlace: async () => {
        const place = await options.chooseFolder('backup-place', state.language)
        if (place !== null) await changeBackupPlace(place)
      },
      stop: () => changeBackupPlace(null),
      restore: () =>
        inTurn(async () => {
          if (open || (await hasOffice())) throw new ApiError('office-already-there')
          if (await options.restore(ownFolder, state.language)) await openFolder(ownFolder)
        }),
      now: () => {
        backupPlace()
        return opened().backups.now()
      },
      verify: async () => {
        const { generation, blobs, findings } = await verifyBackup(backupPlace(), { officeId: opened().desk.officeId })
        const explain = findingExplainer(state.language)
        const told = findings.map(({ kind, subject, found }) => ({
          kind,
          subject: found ? explain(found).what : subject,
        }))
        return { name: generation.name, madeAt: generation.manifest.madeAt, files: blobs, findings: told }
      },
    },
    services: () => checkServices(opened().folder, opened().desk.settings, http),
    updates: {
      feed: () => state.updateFeed,
      possible: options.updater?.possible ?? 'not-here',
      follow: async feed => {
        if (feed !== state.updateFeed) options.updater?.forget()
        await remember({ updateFeed: feed })
      },
      look: async () => (await options.updater?.look(state.updateFeed)) ?? { kind: 'not-here' },
    },
    programVersion,
    clock,
    changes,
    onFault,
    removedPages: new RemovedPages(),
    journalChecks: new JournalChecks(),
    paths: new ChosenPaths(),
    choosePath,
    temporaryFolder,
    language: () => state.language,
    setLanguage: language => remember({ language }),
    desk: () => open?.desk ?? null,
    deskSettings: () => {
      const { settings } = opened().desk
      return {
        language: state.language,
        practice: settings.practice,
        tokenModules: settings.tokens.modules,
        extraScanners: settings.scanner.extraDevices,
        timestampUrl: settings.timestamp?.url ?? null,
        delivery: settings.delivery.kind,
      }
    },
    changeDeskSettings: change =>
      inTurn(async () => {
        const { folder } = opened()
        await changeSettings(folder, change)
        await opened().desk.noteSettings(await readDeskSettings(folder))
        await openFolder(folder)
      }),
    hasOffice,
    found: office =>
      inTurn(async () => {
        if (open || (await hasOffice())) throw new ApiError('office-already-there')
        await mkdir(ownFolder, { recursive: true })
        const officeId = await foundDesk(ownFolder, office)
        await openFolder(ownFolder)
        const administrator = (await opened().desk.people()).find(person => person.roles.includes('admin'))
        if (!administrator) throw new OfficeError('person-unknown')
        return { officeId, personId: administrator.id }
      }),
    startPractice,
    renewPractice,
    ownsPractice: () => open?.folder === practiceFolder,
    leavePractice,
    practice: () => open?.practice ?? null,
    verify: (file, options) => {
      const { folder, desk } = opened()
      return (machine.documents ?? documentsHere).verify(file, { folder, trust: desk.settings.trust }, options)
    },
    machineFacts: () =>
      machineFacts(programVersion, state.language, open?.folder ?? dataFolder, open?.desk.settings ?? null),
    close: () =>
      inTurn(async () => {
        await close()
        await rm(temporaryFolder, { recursive: true, force: true })
      }),
  }
}

async function openOffice(
  folder: string,
  machine: Machine,
  changes: ReturnType<typeof createChangeFeed>,
  onFault: HostOptions['onFault'],
): Promise<OpenOffice> {
  const { practice } = await readDeskSettings(folder)
  await using parts = new AsyncDisposableStack()
  // The services of a practice office write their addresses into its settings, so they come first.
  const learning = practice ? await import('./practice.ts') : null
  if (learning) parts.use(await learning.startPracticeServices(folder, machine.clock))
  const desk = await openDesk(folder, machine)
  parts.defer(() => desk.close())
  parts.use(
    startDeliveryRounds({
      changes,
      deliver: async signal => (await desk.deliver({ signal })).length,
      onFault: error => onFault('delivery round', error),
      every: DELIVERY_EVERY,
      settle: DELIVERY_SETTLE,
    }),
  )
  parts.use(
    startDailyAnchor({
      audit: desk.office.audit,
      officeId: desk.officeId,
      onFault: error => onFault('daily anchor', error),
      first: ANCHOR_FIRST,
      every: ANCHOR_EVERY,
    }),
  )
  const backups = startBackupRounds({
    place: practice ? null : desk.settings.backup.folder,
    make: (place, signal) => desk.backup(place, { signal }),
    lastGood: desk.lastBackup,
    clock: machine.clock,
    changed: () => changes.tell({ subject: 'settings' }),
    onFault: error => onFault('backup round', error),
    every: BACKUP_EVERY,
    settle: BACKUP_SETTLE,
  })
  parts.use(backups)
  const owned = parts.move()
  const practiceParts = learning?.practiceParts ?? null
  return { desk, folder, practice: practiceParts, backups, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function changeSettings(folder: string, change: DeskSettingsChange): Promise<void> {
  const settings = await readDeskSettings(folder)
  const { tokenModules, extraScanners, timestampUrl, backupFolder } = change
  const timestamp =
    timestampUrl === undefined || timestampUrl === null ? null : { ...settings.timestamp, url: timestampUrl }
  await writeDeskSettings(folder, {
    ...settings,
    tokens: { ...settings.tokens, ...(tokenModules ? { modules: [...tokenModules] } : {}) },
    scanner: { ...settings.scanner, ...(extraScanners ? { extraDevices: [...extraScanners] } : {}) },
    ...(timestampUrl === undefined ? {} : { timestamp }),
    ...(backupFolder === undefined ? {} : { backup: { ...settings.backup, folder: backupFolder } }),
  })
}

/** False where the place cannot be asked: that is told in its own way. */
async function isOnSameDrive(folder: string, place: string): Promise<boolean> {
  if (!(await isThere(place))) return false
  return (await stat(folder)).dev === (await stat(place)).dev
}
