import { join } from 'node:path'
import { app, type BrowserWindow, ipcMain, Menu, protocol, session, shell } from 'electron'
import { Jobs } from '../api/job-list.ts'
import { UploadStore } from '../api/upload-store.ts'
import { thisMachine } from '../desk.ts'
import { createAppHandler } from './app-protocol.ts'
import { endWork, serveBridge, type WindowSession } from './bridge-server.ts'
import { type DeskHost, openHost } from './desk-host.ts'
import { guardPermissions } from './guards.ts'
import type { Log } from './log.ts'
import { createMainWindow } from './main-window.ts'
import { officeFiles } from './office-files.ts'
import { SCHEME, START_PAGE } from './origin.ts'
import { pageFiles } from './page-files.ts'
import { pagePictures } from './page-pictures.ts'
import type { StartOptions } from './start-options.ts'
import { launchTokenProcess } from './token-process.ts'
import { lookForUpdate } from './updates.ts'

/** Where the build puts page and preload, seen from this file. */
const built = join(import.meta.dirname, '..', '..', '..')

/** Opens the office and its window, and closes them in order. @throws what opening the office throws */
export async function run(options: StartOptions, log: Log): Promise<void> {
  const dataFolder = app.getPath('userData')
  const temporaryFolder = join(dataFolder, 'temporary')
  const host = await openHost({
    dataFolder,
    temporaryFolder,
    officeFolder: options.officeFolder,
    programVersion: app.getVersion(),
    machine: { ...thisMachine, launchTokenModule: launchTokenProcess },
    onFault: error => log.fault('delivery round', error),
  })
  if (options.practice) await host.startPractice()

  const work: WindowSession = {
    actor: null,
    jobs: new Jobs(),
    uploads: new UploadStore(join(temporaryFolder, 'uploads')),
    subscriptions: new Map(),
  }
  let window: BrowserWindow | null = null
  const viewer = () => {
    const desk = host.desk()
    return desk && work.actor ? { office: desk.office, actor: work.actor } : null
  }

  Menu.setApplicationMenu(null)
  guardPermissions(session.defaultSession)
  protocol.handle(
    SCHEME,
    createAppHandler(
      {
        page: pageFiles(join(built, 'renderer')),
        pictures: pagePictures(viewer),
        files: officeFiles(viewer, temporaryFolder),
      },
      error => log.fault('file not given', error),
    ),
  )
  serveBridge({
    ipcMain,
    host,
    sessionOf: contents => (contents === window?.webContents ? work : null),
    onFault: (what, error) => log.fault(what, error),
  })

  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  closeInOrder(host, work)

  window = await createMainWindow({
    preload: join(built, 'preload', 'preload.cjs'),
    stateFile: join(dataFolder, 'window.json'),
    developing: !app.isPackaged,
    openExternal: address => void shell.openExternal(address),
    onNewPage: () => endWork(work),
    log,
  })
  await window.loadURL(START_PAGE)
  await lookForUpdate(host.updateFeed, app.isPackaged, log)
}

/** The first wish to quit ends the work and closes the office; then the program goes. */
function closeInOrder(host: DeskHost, work: WindowSession): void {
  let closing = false
  app.on('before-quit', event => {
    event.preventDefault()
    if (closing) return
    closing = true
    endWork(work)
    void host.close().finally(() => app.exit(0))
  })
}
