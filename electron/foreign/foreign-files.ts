import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DocumentError, type DocumentErrorCode } from '../document/errors.ts'
import type { ForeignWork } from '../document-work.ts'
import { syncFolder } from '../files.ts'
import { WORK_FOLDER } from '../scanning/page-store.ts'
import { inProcess } from '../work/in-process.ts'
import { WorkPlace } from '../work/work-place.ts'
import { foreignEnvironment, forkForeignProcess, type LaunchForeignProcess } from './foreign-process.ts'
import { type ForeignTask, importedPageSchema, pageFileSchema, pictureSchema } from './foreign-tasks.ts'
import { verifiedFileSchema } from './verified-file.ts'

/** A process has died, maybe of another's task. */
const DIED: ReadonlySet<unknown> = new Set<DocumentErrorCode>([
  'document-work-ended',
  'page-memory-exceeded',
  'page-time-exceeded',
])

/** Milliseconds for which the process that shows pages is kept: an officer leafs, thinks, and leafs on without waiting for its start. */
const LOOKING_IDLE = 600_000

/**
 * Strangers' files, read in processes that nothing else waits for. A task has its process for itself, with limits of memory and time, and
 * takes it along when it fails or is stopped: reading heeds no signal while a hostile file keeps it busy. One idle process of a kind is kept
 * warm for a while. Only looking at stored pages, which were proven when they came, goes on side by side in one.
 */
export class ForeignFiles implements ForeignWork, AsyncDisposable {
  readonly #newPlace: (idle?: number) => WorkPlace<ForeignTask>
  readonly #idle = new Map<ForeignTask['kind'], WorkPlace<ForeignTask>>()
  readonly #all = new Set<WorkPlace<ForeignTask>>()
  readonly #looking: WorkPlace<ForeignTask>
  #closed = false

  constructor(launch: LaunchForeignProcess = forkForeignProcess) {
    this.#newPlace = idle => {
      const place = new WorkPlace<ForeignTask>(() => inProcess(launch(foreignEnvironment())), idle)
      this.#all.add(place)
      return place
    }
    this.#looking = this.#newPlace(LOOKING_IDLE)
  }

  readonly importFile: ForeignWork['importFile'] = (...asked) => this.#pages(...asked)

  readonly storeRawPage: ForeignWork['storeRawPage'] = async page => {
    const kept = pageFileSchema.parse(await this.#one({ kind: 'raw-page', page }))
    return { ...kept, path: join(page.directory, basename(kept.path)) }
  }

  readonly look: ForeignWork['look'] = async look => {
    const task = { kind: 'look', look } as const
    try {
      return pictureSchema.parse(await only(this.#looking.run(task)))
    } catch (error) {
      const died = error instanceof DocumentError && DIED.has(error.code)
      if (!died || this.#closed) throw error
      return pictureSchema.parse(await this.#one(task))
    }
  }

  readonly verify: ForeignWork['verify'] = async (file, trust, { signal } = {}) =>
    verifiedFileSchema.parse(await this.#one({ kind: 'verify', file, trust }, signal))

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#all].map(place => place[Symbol.asyncDispose]()))
  }

  /** Pages are made in a folder of their own: what nobody took is gone when the import ends. */
  async *#pages(...[path, directory, { firstPage, signal }]: Parameters<ForeignWork['importFile']>) {
    await mkdir(directory, { recursive: true })
    const folder = await mkdtemp(join(directory, WORK_FOLDER))
    try {
      for await (const item of this.#run({ kind: 'import', path, directory: folder, firstPage }, signal)) {
        const { image } = importedPageSchema.parse(item)
        const name = basename(image.path)
        const page = { ...image, path: join(directory, name) }
        await rename(join(folder, name), page.path)
        await syncFolder(directory)
        yield { image: page }
      }
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  }

  #one(task: ForeignTask, signal?: AbortSignal): Promise<unknown> {
    return only(this.#run(task, signal))
  }

  async *#run(task: ForeignTask, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
    if (signal?.aborted) throw new DocumentError('document-work-stopped')
    if (this.#closed) throw new DocumentError('document-work-ended')
    const place = this.#take(task.kind)
    let unharmed = false
    const stop = () => void place.end()
    signal?.addEventListener('abort', stop)
    try {
      yield* place.run(task)
      unharmed = true
    } catch (error) {
      throw signal?.aborted ? new DocumentError('document-work-stopped', {}, { cause: error }) : error
    } finally {
      signal?.removeEventListener('abort', stop)
      await this.#give(task.kind, place, unharmed)
    }
  }

  #take(kind: ForeignTask['kind']): WorkPlace<ForeignTask> {
    const idle = this.#idle.get(kind)
    this.#idle.delete(kind)
    return idle ?? this.#newPlace()
  }

  async #give(kind: ForeignTask['kind'], place: WorkPlace<ForeignTask>, unharmed: boolean): Promise<void> {
    if (unharmed && !this.#closed && !this.#idle.has(kind)) this.#idle.set(kind, place)
    else {
      this.#all.delete(place)
      await place[Symbol.asyncDispose]()
    }
  }
}

/** The one thing that a task brings, once the task is done. @throws DocumentError document-work-ended where it brings none */
async function only(items: AsyncIterable<unknown>): Promise<unknown> {
  const [item, ...more] = await Array.fromAsync(items)
  if (item === undefined || more.length > 0) throw new DocumentError('document-work-ended')
  return item
}
