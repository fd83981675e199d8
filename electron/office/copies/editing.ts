import { z } from 'zod'
import type { PageImage } from '../../document/types.ts'
import type { Writer } from '../../store/store.ts'
import { doerOf } from '../audit/chain.ts'
import { pagesFacts } from '../audit/facts.ts'
import { OfficeError } from '../errors.ts'
import { type OfficeParts, parseInput } from '../parts.ts'
import { requireRole } from '../people/access.ts'
import type { CopyService } from '../service.ts'
import type { Actor, CopyRef, CopyView } from '../types.ts'
import { copyInHand, copyView, type PageRow, pageRows, stateOf } from './rows.ts'
import { changeCopy } from './transition.ts'

const rotation = z.literal([0, 90, 180, 270])

const pageImageSchema = z.strictObject({
  path: z.string().min(1),
  mediaType: z.enum(['image/jpeg', 'image/png']),
  widthPx: z.int().min(1).max(100_000),
  heightPx: z.int().min(1).max(100_000),
  dpi: z.number().min(1).max(10_000),
  rotation: rotation.default(0),
})

const arrangementSchema = z.array(z.strictObject({ id: z.string(), rotation: rotation.optional() }))

/** A page as the table holds it, its place apart. */
type Page = Omit<PageRow, 'position'>

/** The pages of a draft. Images are stored before the transaction, so a crash leaves at worst a file that nobody refers to. */
export function createEditing({
  store,
  blobs,
  clock,
  newId,
}: OfficeParts): Pick<CopyService, 'addPages' | 'replacePage' | 'arrangePages'> {
  async function stored(image: PageImage, actor: Actor, copyId: string): Promise<Page> {
    const { path, ...page } = parseInput(pageImageSchema, {
      path: image.path,
      mediaType: image.mediaType,
      widthPx: image.widthPx,
      heightPx: image.heightPx,
      dpi: image.dpi,
      rotation: image.rotation,
    })
    return {
      office_id: actor.officeId,
      copy_id: copyId,
      page_id: newId(),
      blob_sha256: await blobs.putFile(path),
      media_type: page.mediaType,
      width_px: page.widthPx,
      height_px: page.heightPx,
      dpi: page.dpi,
      rotation: page.rotation,
    }
  }

  async function rewrite(
    actor: Actor,
    ref: CopyRef,
    edit: (before: readonly Page[]) => readonly Page[],
  ): Promise<CopyView> {
    const at = clock()
    return store.write(async writer => {
      await requireRole(writer, actor, 'officer')
      const row = await copyInHand(writer, actor, ref, at)
      if (stateOf(row) !== 'draft') throw new OfficeError('copy-state-wrong', { state: row.state, action: 'edit' })
      const before: readonly Page[] = await pageRows(writer, actor.officeId, ref.id)
      const after = edit(before)
      await writePages(writer, actor.officeId, ref.id, before, after)
      await changeCopy(writer, doerOf(actor, at), row, {}, { action: 'pages-changed', data: pagesFacts(after) })
      return copyView(writer, actor.officeId, ref.id)
    })
  }

  return {
    addPages: async (actor, copy, images) => {
      await requireRole(store.reader, actor, 'officer')
      const added: Page[] = []
      for (const image of images) added.push(await stored(image, actor, copy.id))
      return rewrite(actor, copy, before => [...before, ...added])
    },

    replacePage: async (actor, copy, pageId, image) => {
      await requireRole(store.reader, actor, 'officer')
      const page = await stored(image, actor, copy.id)
      return rewrite(actor, copy, before => {
        if (!before.some(each => each.page_id === pageId)) throw new OfficeError('page-unknown')
        return before.map(each => (each.page_id === pageId ? { ...page, page_id: pageId } : each))
      })
    },

    arrangePages: async (actor, copy, input) => {
      const arrangement = parseInput(arrangementSchema, input)
      if (new Set(arrangement.map(({ id }) => id)).size !== arrangement.length) {
        throw new OfficeError('input-invalid', { field: 'pages' })
      }
      return rewrite(actor, copy, before =>
        arrangement.map(({ id, rotation: turn }) => {
          const page = before.find(each => each.page_id === id)
          if (!page) throw new OfficeError('page-unknown')
          return { ...page, rotation: turn ?? page.rotation }
        }),
      )
    },
  }
}

/** Rows of one statement; far below what any database takes as parameters. */
const AT_ONCE = 200

/** Writes the list from the first page that differs on, so that page 500 of an import costs as much as the first. */
async function writePages(
  writer: Writer,
  officeId: string,
  copyId: string,
  before: readonly Page[],
  after: readonly Page[],
): Promise<void> {
  const differs = before.findIndex((page, index) => after[index] !== page)
  const kept = differs < 0 ? before.length : differs
  await writer
    .deleteFrom('page')
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .where('position', '>', kept)
    .execute()
  for (let from = kept; from < after.length; from += AT_ONCE) {
    const rows = after.slice(from, from + AT_ONCE).map((page, index) => ({ ...page, position: from + index + 1 }))
    await writer.insertInto('page').values(rows).execute()
  }
}
