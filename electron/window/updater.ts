import type { KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { UpdateNews, UpdatesPossible } from '../api/contract/settings.ts'
import { ApiError } from '../api/errors.ts'
import { writeStreamDurably } from '../files.ts'
import type { Installation } from './installation.ts'
import { isNewer, type Release, type ReleaseFile } from './release.ts'
import { askFeed, asSigned, fileOfFeed } from './release-feed.ts'

export interface UpdaterOptions {
  readonly version: string
  /** Who may sign a newer program; nobody: none is fetched. */
  readonly keys: readonly KeyObject[]
  /** Null: this program does not renew itself. */
  readonly installation: Installation | null
  /** For what is fetched; emptied when it is not wanted. */
  readonly folder: string
  readonly ask: typeof fetch
  readonly onFault: (what: string, error: unknown) => void
}

/** Fetches newer programs in the background and installs them when the program is closed: only what a built-in key has signed. */
export interface Updater {
  readonly possible: UpdatesPossible
  /** What the feed has for this program; fetches nothing. @throws ApiError update-feed-wrong, update-not-signed */
  look(feed: string | null): Promise<UpdateNews>
  /** Fetches what this feed has. One that cannot be reached or trusted is written into the diary and otherwise leaves the work alone. */
  follow(feed: string): Promise<void>
  /** What was fetched is not installed: its feed is none of ours any more. */
  forget(): void
  /** Installs what was fetched, if anything, after its bytes are judged once more. */
  install(): Promise<void>
}

interface Fetched {
  readonly version: string
  readonly file: ReleaseFile
  readonly path: string
}

export function createUpdater({ version, keys, installation, folder, ask, onFault }: UpdaterOptions): Updater {
  const possible = installation === null ? 'not-here' : keys.length === 0 ? 'no-key' : 'yes'
  let followed: string | null = null
  let fetched: Fetched | null = null

  const newer = async (feed: string): Promise<Release | null> => {
    const release = await askFeed(feed, keys, ask)
    return isNewer(release.version, version) ? release : null
  }
  const fetch = async (feed: string): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    const release = await newer(feed)
    if (!release || !installation) return
    const file = release.files[installation.target]
    if (!file) throw new ApiError('update-feed-wrong')
    const path = join(folder, 'fetched')
    await writeStreamDurably(path, asSigned(fileOfFeed(feed, file, ask), file))
    if (followed === feed) fetched = { version: release.version, file, path }
  }

  return {
    possible,
    look: async feed => {
      if (feed === null) return { kind: 'off' }
      if (possible !== 'yes') return { kind: possible }
      const release = await newer(feed)
      if (!release) return { kind: 'newest', version }
      return { kind: release.version === fetched?.version ? 'fetched' : 'found', version: release.version }
    },
    follow: async feed => {
      if (possible !== 'yes') return
      followed = feed
      await fetch(feed).catch((error: unknown) => onFault('no update', error))
    },
    forget: () => {
      followed = null
      fetched = null
    },
    install: async () => {
      if (!fetched || !installation) return
      const { file, path } = fetched
      try {
        await installation.renew(asSigned(createReadStream(path), file))
      } catch (error) {
        onFault('update not installed', error)
      }
    },
  }
}
