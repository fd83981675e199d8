import { z } from 'zod'
import type { ForeignWork } from '../document-work.ts'
import type { OfficeService } from '../office/service.ts'
import type { Actor, PageView } from '../office/types.ts'
import type { AssetSource, BytesAsset } from './app-protocol.ts'
import { MemoryCache } from './memory-cache.ts'

const CACHE_BYTES = 96 * 2 ** 20
/** Twice the widest screen on which one page is looked at. */
const WIDEST = 8000

const querySchema = z.object({
  width: z.coerce.number().int().min(16).max(WIDEST).nullable(),
  turn: z.coerce.number().pipe(z.literal([0, 90, 180, 270])),
})

/** Who looks, and where the pages are; null while no office is open or nobody works. */
export type Viewer = () => Viewing | null
interface Viewing {
  readonly office: OfficeService
  readonly actor: Actor
}

/**
 * Pictures of pages: `<copyId>/<pageId>?turn=90&width=400`. The office says whether this person may see the page. Made smaller and turned by
 * a process for strangers' files; kept in memory only, because they are citizens' papers.
 */
export function pagePictures(viewer: Viewer, look: ForeignWork['look']): AssetSource {
  const cache = new MemoryCache<BytesAsset>(CACHE_BYTES, asset => asset.body.byteLength)
  const listed = new ListedPages()
  return async (path, query) => {
    const [copyId, pageId, more] = path.split('/')
    const asked = querySchema.safeParse({ width: query.get('width'), turn: query.get('turn') ?? 0 })
    const who = viewer()
    if (!copyId || !pageId || more !== undefined || !asked.success || !who) return null
    const page = await listed.page(who, copyId, pageId)
    if (!page) return null
    const { width, turn } = asked.data
    const natural = turn % 180 === 0 ? page.widthPx : page.heightPx
    if (turn === 0 && (width === null || width >= natural)) return { file: page.path, contentType: page.mediaType }
    return cache.get(`${page.sha256} ${width ?? ''} ${turn}`, async () => {
      return { body: await look({ path: page.path, turn, width }), contentType: 'image/jpeg' }
    })
  }
}

/** Milliseconds. Scrolling asks for the pages of one copy one by one, each time with the whole list of them. */
const LIST_KEPT = 1000

/** A copy's pages as this person may see them, asked once for all pictures that are shown together. */
class ListedPages {
  #key = ''
  #until = 0
  #pages: Promise<readonly PageView[]> = Promise.resolve([])

  /** A page that is not on the kept list may be new, so it is asked for again. */
  async page({ office, actor }: Viewing, copyId: string, pageId: string): Promise<PageView | undefined> {
    const key = `${actor.officeId} ${actor.personId} ${copyId}`
    const named = (pages: readonly PageView[]) => pages.find(each => each.id === pageId)
    const kept = key === this.#key && performance.now() < this.#until ? named(await this.#pages) : undefined
    if (kept) return kept
    this.#key = key
    this.#until = performance.now() + LIST_KEPT
    this.#pages = office.copies.pages(actor, copyId)
    return named(await this.#pages)
  }
}
