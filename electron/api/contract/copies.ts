import { z } from 'zod'
import { COPY_STATES, type CopyState, REFUSAL_GROUNDS, type RefusalGround } from '../../office/types.ts'
import { copyRefSchema, daySchema, idSchema, type Time } from './common.ts'
import type { RequestItem } from './requests.ts'

/** One original's certified copy, as a line in a list shows it. Give `{ id, version }` of the newest one back with each change. */
export interface CopyItem {
  readonly id: string
  readonly version: number
  readonly requestId: string
  readonly requesterName: string
  readonly state: CopyState
  readonly title: string
  readonly kind: string
  readonly issuer: string
  readonly copyCount: number
  readonly pageCount: number
  readonly originalPages: number | null
  /** Đồng. */
  readonly fee: number | null
  readonly certification: { readonly number: string; readonly book: string; readonly date: string } | null
  readonly receivedAt: Time
  readonly dueAt: Time
  readonly remark: string | null
  /** Somebody has it on the desk now, and until when. */
  readonly claim: { readonly personId: string; readonly personName: string; readonly until: Time } | null
  readonly officerName: string
  readonly signerName: string | null
  readonly clerkName: string | null
  readonly signedAt: Time | null
  readonly sealedAt: Time | null
  readonly receipt: string | null
}

export interface PageItem {
  readonly id: string
  readonly widthPx: number
  readonly heightPx: number
  readonly dpi: number
  /** Clockwise. */
  readonly rotation: 0 | 90 | 180 | 270
  /** The picture, turned as asked; `&width=` gives a smaller one. Relative to the page's own address. */
  readonly url: string
}

export interface CopyDetail {
  readonly copy: CopyItem
  readonly request: RequestItem
  readonly pages: readonly PageItem[]
  /** Addresses of the PDF files so far, relative to the page's own; null where there is none yet. */
  readonly files: {
    readonly composed: string | null
    readonly signed: string | null
    readonly sealed: string | null
    readonly archived: string | null
  }
  /** How long the archived file can be verified without being renewed. */
  readonly archiveLastsUntil: Time | null
}

/** What changed pages give back: the newest version and all pages in order. */
export interface PagesChanged {
  readonly copy: CopyItem
  readonly pages: readonly PageItem[]
}

/** Pages that came back, with their new ids. */
export interface PagesRestored extends PagesChanged {
  readonly restored: readonly { readonly was: string; readonly now: string }[]
}

/** The statement (lời chứng) as it will stand on the last page; number and book are null until they are taken. */
export interface StatementPreview {
  readonly officeName: string
  readonly signerTitle: readonly string[]
  readonly signerName: string
  readonly date: string
  readonly number: string | null
  readonly book: string | null
  /** The lines in order, gaps of the form filled as far as known. */
  readonly lines: readonly string[]
}

export interface RefusalNoticeItem {
  readonly officeName: string
  readonly requesterName: string
  readonly title: string
  readonly issuer: string
  readonly ground: RefusalGround
  readonly groundText: string
  readonly legalBasis: string
  readonly explanation: string
}

export interface RefusalGroundItem {
  readonly ground: RefusalGround
  readonly text: string
}

export const copyStateSchema = z.enum(COPY_STATES)
const rotationSchema = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
const refusalGroundSchema = z.literal(REFUSAL_GROUNDS)

export const copyIdSchema = z.strictObject({ copyId: idSchema })
export const listCopiesSchema = z.strictObject({
  states: z.array(copyStateSchema).optional(),
  /** Words of requester, title, issuer, number or receipt; accents and case do not matter. */
  search: z.string().max(200).optional(),
  limit: z.int().min(1).max(1000).default(200),
})
/** New order and turns of the pages; a page left out is removed (and can be brought back with `restorePages` while the program runs). */
export const arrangePagesSchema = z.strictObject({
  copy: copyRefSchema,
  pages: z.array(z.strictObject({ id: idSchema, rotation: rotationSchema.optional() })).max(10_000),
})
export const restorePagesSchema = z.strictObject({
  copy: copyRefSchema,
  /** Removed pages and the place, counted from 0, where each stands in the result. */
  pages: z
    .array(z.strictObject({ id: idSchema, at: z.int().min(0) }))
    .min(1)
    .max(10_000),
})
export const submitSchema = z.strictObject({
  copy: copyRefSchema,
  comparedWithOriginal: z.boolean(),
  allPagesPresent: z.boolean(),
  originalPages: z.int().min(1).max(10_000).optional(),
})
export const reasonSchema = z.strictObject({ copy: copyRefSchema, reason: z.string().max(1000) })
export const refuseSchema = z.strictObject({
  copy: copyRefSchema,
  ground: refusalGroundSchema,
  explanation: z.string().max(1000),
})
export const cancelCopySchema = z.strictObject({
  copy: copyRefSchema,
  decision: z.strictObject({ number: z.string().max(100), date: daySchema }),
})
