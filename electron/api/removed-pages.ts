import type { PageImage } from '../document/types.ts'
import type { PageView } from '../office/types.ts'
import { ApiError } from './errors.ts'

/** Pages taken out of drafts since the program started, so that undo can bring them back. Their images lie in the office's own store. */
export class RemovedPages {
  readonly #pages = new Map<string, PageView>()

  keep(pages: readonly PageView[]): void {
    for (const page of pages) this.#pages.set(page.id, page)
  }

  /** @throws ApiError page-not-restorable */
  image(pageId: string): PageImage {
    const page = this.#pages.get(pageId)
    if (!page) throw new ApiError('page-not-restorable')
    return page
  }

  forget(pageId: string): void {
    this.#pages.delete(pageId)
  }
}
