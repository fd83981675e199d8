import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { explain } from '../messages.ts'
import type { Actor, CopyRef, CopyView } from '../office/types.ts'
import type { PageFile, ScanEvent } from '../scanning/driver.ts'
import type { ApiContext, ApiDesk } from './context.ts'
import type { ErrorNotice } from './contract/common.ts'
import type { PagePlace, ScanNews } from './contract/scanning.ts'
import { ItemMaker } from './items.ts'

interface PersonContext extends ApiContext {
  readonly desk: ApiDesk
  readonly actor: Actor
}

/** Milliseconds. A scanner tells of every line; an eye sees ten pictures a second. */
const PROGRESS_EVERY = 100

/**
 * Puts pages into a draft as they come, each at its place. A page is the copy's own before it is told; then its file is dropped from the
 * incoming folder, so that what lies there after a crash is exactly what is missing. A fault ends the work and is told last.
 */
export async function* takePages(
  { desk, actor, host }: PersonContext,
  ref: CopyRef,
  place: PagePlace,
  events: AsyncIterable<ScanEvent>,
): AsyncGenerator<ScanNews> {
  const placed = new PagePlacer(desk, actor, ref, place)
  let fault: ErrorNotice | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  try {
    for await (const event of events) {
      if (event.kind === 'progress') {
        const now = performance.now()
        if (now - toldAt < PROGRESS_EVERY) continue
        toldAt = now
        yield event
        continue
      }
      const { copy, at } = await placed.put(event.file)
      await rm(event.file.path, { force: true })
      host.changes.tell({ subject: 'copies' })
      const items = new ItemMaker(desk, actor)
      const page = (await items.pages(copy.id))[at]
      if (page) yield { kind: 'page', copy: await items.copy(copy), page, at }
    }
  } catch (error) {
    fault = explain(error, host.language())
  }
  const items = new ItemMaker(desk, actor)
  yield {
    kind: 'finished',
    copy: await items.copy(await desk.office.copies.read(actor, ref.id)),
    pages: await items.pages(ref.id),
    added: placed.added,
    fault,
  }
}

/** Knows where the next page goes, and the newest version of the copy. */
class PagePlacer {
  readonly #desk: ApiDesk
  readonly #actor: Actor
  readonly #place: PagePlace
  #ref: CopyRef
  #next: number | null
  added = 0

  constructor(desk: ApiDesk, actor: Actor, ref: CopyRef, place: PagePlace) {
    this.#desk = desk
    this.#actor = actor
    this.#ref = ref
    this.#place = place
    this.#next = place.kind === 'insert' ? place.at : null
  }

  async put(file: PageFile): Promise<{ readonly copy: CopyView; readonly at: number }> {
    const { copies } = this.#desk.office
    const before = (await copies.pages(this.#actor, this.#ref.id)).map(page => page.id)
    const replaced = this.#place.kind === 'replace' && this.added === 0 ? this.#place.pageId : null
    const at = replaced === null ? Math.min(this.#next ?? before.length, before.length) : before.indexOf(replaced)
    const copy =
      replaced === null
        ? await this.#add(file, before, at)
        : await copies.replacePage(this.#actor, this.#ref, replaced, file)
    this.#ref = copy
    this.added++
    if (this.#place.kind !== 'append') this.#next = at + 1
    return { copy, at }
  }

  async #add(file: PageFile, before: readonly string[], at: number): Promise<CopyView> {
    const { copies } = this.#desk.office
    const added = await copies.addPages(this.#actor, this.#ref, [file])
    this.#ref = added
    const newest = (await copies.pages(this.#actor, added.id)).at(-1)
    if (at === before.length || !newest) return added
    return copies.arrangePages(
      this.#actor,
      added,
      before.toSpliced(at, 0, newest.id).map(id => ({ id })),
    )
  }
}

const PAGE_FILE = /^page-\d+\.(jpg|png)$/

/** Page files of the incoming folder that are not in the copy: delivered by the scanner just before the program was killed. */
export async function leftPages(desk: ApiDesk, actor: Actor, copyId: string): Promise<readonly string[]> {
  const folder = desk.incomingFolder(copyId)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const known = new Set((await desk.office.copies.pages(actor, copyId)).map(page => page.sha256))
  const left: string[] = []
  for (const name of names.filter(each => PAGE_FILE.test(each)).sort()) {
    const path = join(folder, name)
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    if (known.has(sha256)) await rm(path, { force: true })
    else left.push(path)
  }
  return left
}
