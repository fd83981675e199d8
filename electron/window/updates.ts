import type { Log } from './log.ts'

/**
 * Looks for a newer program at the office's own feed (electron-updater's generic provider) and installs it when the program is closed next.
 * Without a feed nobody is asked; a feed that cannot be reached or trusted is written into the diary and otherwise leaves the work alone.
 * @param feed https address of the folder with `latest.yml`
 */
export async function lookForUpdate(feed: string | null, isPackaged: boolean, log: Log): Promise<void> {
  if (feed === null || !isPackaged) return
  try {
    const { default: updater } = await import('electron-updater')
    const { autoUpdater } = updater
    autoUpdater.logger = null
    autoUpdater.autoDownload = true
    autoUpdater.autoInstallOnAppQuit = true
    autoUpdater.allowDowngrade = false
    autoUpdater.setFeedURL({ provider: 'generic', url: feed })
    await autoUpdater.checkForUpdates()
  } catch (error) {
    log.fault('no update', error)
  }
}
