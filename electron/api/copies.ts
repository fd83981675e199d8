import { STATEMENT_WORDS } from '../document/forms.ts'
import { dateWords, fillLine } from '../document/legal-text.ts'
import { loadOfficeRules } from '../office/rules.ts'
import type { Actor, CopyView, PageView } from '../office/types.ts'
import type { ApiDesk } from './context.ts'
import {
  arrangePagesSchema,
  type CopyDetail,
  cancelCopySchema,
  copyIdSchema,
  listCopiesSchema,
  type PagesChanged,
  type PagesRestored,
  type RefusalGroundItem,
  type RefusalNoticeItem,
  reasonSchema,
  refuseSchema,
  restorePagesSchema,
  type StatementPreview,
  submitSchema,
} from './contract/copies.ts'
import { given } from './given.ts'
import { copyFileUrl, ItemMaker } from './items.ts'
import { personProcedure, router } from './procedures.ts'
import { vietnamDay } from './vietnam-day.ts'

async function pagesChanged(desk: ApiDesk, actor: Actor, copy: CopyView): Promise<PagesChanged> {
  const items = new ItemMaker(desk, actor)
  return { copy: await items.copy(copy), pages: await items.pages(copy.id) }
}

const one = async (desk: ApiDesk, actor: Actor, copy: Promise<CopyView>) => new ItemMaker(desk, actor).copy(await copy)

/** Work on one copy up to signing, its ends, and the lists of copies. */
export const copiesRouter = router({
  queue: personProcedure.query(async ({ ctx: { desk, actor } }) =>
    new ItemMaker(desk, actor).copies(await desk.office.copies.queue(actor)),
  ),

  list: personProcedure
    .input(listCopiesSchema)
    .query(async ({ ctx: { desk, actor }, input: { search = '', ...input } }) => {
      const order = search.trim() === '' ? 'most-urgent' : 'newest'
      return new ItemMaker(desk, actor).copies(await desk.office.copies.list(actor, given({ ...input, search, order })))
    }),

  read: personProcedure
    .input(copyIdSchema)
    .query(async ({ ctx: { desk, actor }, input: { copyId } }): Promise<CopyDetail> => {
      const items = new ItemMaker(desk, actor)
      const copy = await desk.office.copies.read(actor, copyId)
      const lastsUntil = await desk.office.archive.lastsUntil(actor, copyId)
      return {
        copy: await items.copy(copy),
        request: await items.requestOf(copy),
        pages: await items.pages(copyId),
        files: {
          composed: copy.composedSha256 === null ? null : copyFileUrl(copyId, 'composed'),
          signed: copy.signedSha256 === null ? null : copyFileUrl(copyId, 'signed'),
          sealed: copy.sealedSha256 === null ? null : copyFileUrl(copyId, 'sealed'),
          archived: lastsUntil && copyFileUrl(copyId, 'archived'),
        },
        archiveLastsUntil: lastsUntil?.toISOString() ?? null,
      }
    }),

  /** The statement with what is known so far; the number comes when it is signed. */
  statement: personProcedure
    .input(copyIdSchema)
    .query(async ({ ctx: { desk, actor, host }, input }): Promise<StatementPreview> => {
      const copy = await desk.office.copies.read(actor, input.copyId)
      const signer = (await desk.people()).find(person => person.id === (copy.signerId ?? actor.personId))
      const officeName = (await desk.office.people.office(actor)).name
      const text = STATEMENT_WORDS
      const { number, book, date } = copy.certification ?? { number: null, book: null, date: vietnamDay(host.clock()) }
      const signerTitle = signer?.signerTitle ?? []
      const signerName = signer?.name ?? ''
      return {
        officeName,
        signerTitle,
        signerName,
        date,
        number,
        book,
        lines: [
          text.heading,
          fillLine(text.numberLine, { number: number ?? '……', book: book ?? '……' }),
          fillLine(text.dateLine, dateWords(date)),
          text.personLine,
          ...signerTitle,
          signerName,
        ],
      }
    }),

  claim: personProcedure
    .input(copyIdSchema)
    .mutation(({ ctx: { desk, actor }, input }) => one(desk, actor, desk.office.copies.claim(actor, input.copyId))),

  release: personProcedure
    .input(copyIdSchema)
    .mutation(({ ctx: { desk, actor }, input }) => one(desk, actor, desk.office.copies.release(actor, input.copyId))),

  arrangePages: personProcedure
    .input(arrangePagesSchema)
    .mutation(async ({ ctx: { desk, actor, host }, input }): Promise<PagesChanged> => {
      const before = await desk.office.copies.pages(actor, input.copy.id)
      const arranged = await desk.office.copies.arrangePages(actor, input.copy, input.pages.map(given))
      const kept = new Set(input.pages.map(page => page.id))
      host.removedPages.keep(before.filter(page => !kept.has(page.id)))
      return pagesChanged(desk, actor, arranged)
    }),

  restorePages: personProcedure
    .input(restorePagesSchema)
    .mutation(async ({ ctx: { desk, actor, host }, input }): Promise<PagesRestored> => {
      const { copies } = desk.office
      const images = input.pages.map(page => host.removedPages.image(page.id))
      const before = await copies.pages(actor, input.copy.id)
      const added = await copies.addPages(actor, input.copy, images)
      const back = (await copies.pages(actor, input.copy.id)).slice(before.length)
      const restored = input.pages.flatMap((page, index) => {
        const now = back[index]
        return now ? [{ was: page.id, now: now.id, at: page.at }] : []
      })
      const order: PageView['id'][] = before.map(page => page.id)
      for (const page of restored.toSorted((a, b) => a.at - b.at)) order.splice(page.at, 0, page.now)
      const arranged = await copies.arrangePages(
        actor,
        added,
        order.map(id => ({ id })),
      )
      for (const page of restored) host.removedPages.forget(page.was)
      return {
        ...(await pagesChanged(desk, actor, arranged)),
        restored: restored.map(({ was, now }) => ({ was, now })),
      }
    }),

  submit: personProcedure
    .input(submitSchema)
    .mutation(({ ctx: { desk, actor }, input: { copy, ...comparison } }) =>
      one(desk, actor, desk.office.copies.submit(actor, copy, given(comparison))),
    ),

  returnForMending: personProcedure
    .input(reasonSchema)
    .mutation(({ ctx: { desk, actor }, input }) =>
      one(desk, actor, desk.office.copies.returnForMending(actor, input.copy, input.reason)),
    ),

  refuse: personProcedure
    .input(refuseSchema)
    .mutation(({ ctx: { desk, actor }, input }) =>
      one(desk, actor, desk.office.copies.refuse(actor, input.copy, input.ground, input.explanation)),
    ),

  /** The six grounds in the decree's own words. */
  refusalGrounds: personProcedure.query((): readonly RefusalGroundItem[] =>
    [...loadOfficeRules().refusalGrounds].map(([ground, text]) => ({ ground, text })),
  ),

  refusalNotice: personProcedure
    .input(copyIdSchema)
    .query(
      ({ ctx: { desk, actor }, input }): Promise<RefusalNoticeItem> =>
        desk.office.copies.refusalNotice(actor, input.copyId),
    ),

  withdraw: personProcedure
    .input(reasonSchema)
    .mutation(({ ctx: { desk, actor }, input }) =>
      one(desk, actor, desk.office.copies.withdraw(actor, input.copy, input.reason)),
    ),

  cancel: personProcedure
    .input(cancelCopySchema)
    .mutation(({ ctx: { desk, actor }, input }) =>
      one(desk, actor, desk.office.copies.cancel(actor, input.copy, input.decision)),
    ),
})
