import type { AppUpdater } from 'electron-updater'
import type { HttpClient } from '../../native-signing/http/index.ts'
import type { UpdateNews } from '../api/contract/settings.ts'
import { ApiError } from '../api/errors.ts'
import type { Log } from './log.ts'

/** Where a feed says what its newest program is: electron-builder's own files (generic provider). */
const NEWEST: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'latest-linux.yml',
  darwin: 'latest-mac.yml',
}
const ANSWER_WITHIN = 10_000
/** A feed is a few lines. */
const LONGEST_FEED = 64 * 1024

/**
 * Asks the office's feed for its newest program.
 * @param feed https address of the folder with `latest.yml`
 * @throws ApiError update-feed-wrong: not reached, or no feed
 */
async function newestVersion(feed: string, http: HttpClient): Promise<string> {
  const file = NEWEST[process.platform] ?? 'latest.yml'
  let text: string
  try {
    const { href: url } = new URL(file, feed.endsWith('/') ? feed : `${feed}/`)
    const answer = await http({ url, timeout: ANSWER_WITHIN, maximumBytes: LONGEST_FEED, redirections: 3 })
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
    text = new TextDecoder().decode(answer.body)
  } catch (error) {
    throw new ApiError('update-feed-wrong', {}, { cause: error })
  }
  const version = /^version: *['"]?(\d+\.\d+\.\d+)/m.exec(text)?.[1]
  if (version === undefined) throw new ApiError('update-feed-wrong')
  return version
}

/**
 * What the feed has for a program of this version; only asks, fetches nothing.
 * @param fetched version that lies here already and will be installed
 */
export async function lookAtFeed(
  feed: string | null,
  ours: string,
  fetched: string | null,
  http: HttpClient,
): Promise<UpdateNews> {
  if (feed === null) return { kind: 'off' }
  const version = await newestVersion(feed, http)
  if (!isNewer(version, ours)) return { kind: 'newest', version: ours }
  return { kind: version === fetched ? 'fetched' : 'found', version }
}

/** Whether version a comes after b; of each three numbers. */
export function isNewer(a: string, b: string): boolean {
  const [of, than] = [a, b].map(version => version.split('.').map(Number))
  const first = [0, 1, 2].find(part => of?.[part] !== than?.[part])
  return first !== undefined && (of?.[first] ?? 0) > (than?.[first] ?? 0)
}

/** Fetches newer programs in the background; what is fetched is installed when the program is closed (electron-updater). */
export interface Updater {
  /** Fetches what this feed has. One that cannot be reached or trusted is written into the diary and otherwise leaves the work alone. */
  follow(feed: string): Promise<void>
  /** Version that is fetched and will be installed; null: none. */
  fetched(): string | null
  /** What was fetched is not installed: its feed is none of ours any more. */
  forget(): void
}

export function createUpdater(log: Log): Updater {
  let running: AppUpdater | null = null
  let fetched: string | null = null
  return {
    follow: async feed => {
      try {
        const { default: updater } = await import('electron-updater')
        const { autoUpdater } = updater
        running = autoUpdater
        autoUpdater.logger = null
        autoUpdater.autoDownload = true
        autoUpdater.autoInstallOnAppQuit = true
        autoUpdater.allowDowngrade = false
        autoUpdater.setFeedURL({ provider: 'generic', url: feed })
        autoUpdater.once('update-downloaded', ({ version }) => {
          fetched = version
        })
        const found = await autoUpdater.checkForUpdates()
        await found?.downloadPromise
      } catch (error) {
        log.fault('no update', error)
      }
    },
    fetched: () => (running?.autoInstallOnAppQuit ? fetched : null),
    forget: () => {
      if (running) running.autoInstallOnAppQuit = false
    },
  }
}
