import { join } from 'node:path'
import { app, type BrowserWindow, ipcMain, Menu, protocol, session, shell } from 'electron'
import { HeldToken } from '../api/held-token.ts'
import { Jobs } from '../api/job-list.ts'
import { UploadStore } from '../api/upload-store.ts'
import { thisMachine } from '../desk.ts'
import { createAppHandler } from './app-protocol.ts'
import { endWork, serveBridge, type WindowSession } from './bridge-server.ts'
import { chooseFile, chooseFolder } from './choose-path.ts'
import { type DeskHost, openHost } from './desk-host.ts'
import { DocumentThread } from './document-thread.ts'
import { guardPermissions } from './guards.ts'
import { installationHere } from './installation.ts'
import { type Log, openLog } from './log.ts'
import { createMainWindow } from './main-window.ts'
import { officeFiles } from './office-files.ts'
import { SCHEME, START_PAGE } from './origin.ts'
import { pageFiles } from './page-files.ts'
import { pagePictures } from './page-pictures.ts'
import { releaseKeys } from './release.ts'
import { restoreByDialog } from './restore-dialog.ts'
import type { StartOptions } from './start-options.ts'
import { createUpdater } from './updater.ts'
import { launchForeignProcess, launchSoftTokenProcess, launchTokenProcess } from './utility-processes.ts'

/** Where the build puts page and preload, seen from this file. */
const built = join(import.meta.dirname, '..', '..')

/** Opens the window and its office, and closes them in order. @throws what cannot be opened, after it is written into the diary */
export async function run(options: StartOptions): Promise<void> {
  const dataFolder = app.getPath('userData')
  const log = openLog(join(dataFolder, 'logs'), () => new Date())
  try {
    await open(options, dataFolder, log)
  } catch (error) {
    log.fault('the program could not start', error)
    throw error
  }
}

/** The window loads its page while the office is opened; the page's first calls wait for it. */
async function open(options: StartOptions, dataFolder: string, log: Log): Promise<void> {
  const temporaryFolder = join(dataFolder, 'temporary')
  const documents = new DocumentThread(launchForeignProcess)
  const updates = join(dataFolder, 'updates')
  const updater = createUpdater({
    version: app.getVersion(),
    keys: releaseKeys(),
    installation: app.isPackaged
      ? installationHere({ platform: process.platform, arch: process.arch, environment: process.env, folder: updates })
      : null,
    folder: updates,
    ask: fetch,
    onFault: (what, error) => log.fault(what, error),
  })
  const started = [`program read ${sinceStart()}`]
  let opened: DeskHost | null = null
  let window: BrowserWindow | null = null
  const opening = openHost({
    dataFolder,
    temporaryFolder,
    officeFolder: options.officeFolder,
    practice: options.practice,
    programVersion: app.getVersion(),
    machine: { ...thisMachine, launchTokenModule: launchTokenProcess, documents },
    launchSoftToken: launchSoftTokenProcess,
    chooseFolder,
    restore: restoreByDialog,
    updater,
    askForPath: chooseFile,
    onFault: (what, error) => log.fault(what, error),
  }).then(host => {
    opened = host
    started.push(`office open ${sinceStart()}`)
    return host
  })

  const work: WindowSession = {
    actor: null,
    jobs: new Jobs(),
    token: new HeldToken(error => log.fault('held token', error)),
    uploads: new UploadStore(join(temporaryFolder, 'uploads'), error => log.fault('brought files', error)),
    subscriptions: new Map(),
  }
  const viewer = () => {
    const desk = opened?.desk() ?? null
    return desk && work.actor ? { office: desk.office, actor: work.actor } : null
  }

  Menu.setApplicationMenu(null)
  guardPermissions(session.defaultSession)
  protocol.handle(
    SCHEME,
    createAppHandler(
      {
        page: pageFiles(join(built, 'renderer')),
        pictures: pagePictures(viewer, documents.look),
        files: officeFiles(viewer, temporaryFolder),
      },
      error => log.fault('file not given', error),
    ),
  )
  serveBridge({
    ipcMain,
    host: opening,
    sessionOf: contents => (contents === window?.webContents ? work : null),
    onFault: (what, error) => log.fault(what, error),
  })

  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  closeInOrder(async () => {
    endWork(work)
    await (await opening).close()
    await documents[Symbol.asyncDispose]()
    await updater.install()
  }, log)

  const showing = createMainWindow({
    preload: join(built, 'preload', 'preload.cjs'),
    stateFile: join(dataFolder, 'window.json'),
    developing: !app.isPackaged,
    openExternal: address => void shell.openExternal(address),
    onNewPage: () => endWork(work),
    log,
  }).then(made => {
    window = made
    return made.loadURL(START_PAGE)
  })
  const [host] = await Promise.all([opening, showing])
  started.push(`page loaded ${sinceStart()}`)
  log.note(`started, milliseconds: ${started.join(', ')}`)
  const feed = host.updates.feed()
  if (feed !== null) void updater.follow(feed)
}

const sinceStart = (): number => Math.round(performance.now())

/** The first wish to quit ends the work and closes the office; then the program goes. */
function closeInOrder(close: () => Promise<void>, log: Log): void {
  let closing = false
  app.on('before-quit', event => {
    event.preventDefault()
    if (closing) return
    closing = true
    close().then(
      () => app.exit(0),
      (error: unknown) => {
        log.fault('not closed in order', error)
        app.exit(1)
      },
    )
  })
}
