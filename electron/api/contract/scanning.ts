import { z } from 'zod'
import type { ScanColour, ScanSides, ScanSource } from '../../scanning/driver.ts'
import { copyRefSchema, type ErrorNotice, idSchema, jobIdSchema } from './common.ts'
import type { CopyItem, PageItem } from './copies.ts'

export interface ScannerItem {
  readonly id: string
  readonly vendor: string
  readonly model: string
  readonly sources: readonly {
    readonly source: ScanSource
    readonly sides: readonly ScanSides[]
    readonly colours: readonly ScanColour[]
    readonly resolutions: readonly number[]
    readonly maximumPaper: { readonly widthMm: number; readonly heightMm: number }
  }[]
}

/**
 * What scanning and importing tell, in order: `progress` of the page under way, `page` when one is safe in the copy, and at the end one
 * `finished`: the pages before a fault stay, and `fault` says what stopped it (a jam, an empty feeder, cancelled); null: all went well.
 */
export type ScanNews =
  | { readonly kind: 'progress'; readonly page: number; readonly fraction: number }
  | { readonly kind: 'page'; readonly copy: CopyItem; readonly page: PageItem; readonly at: number }
  | {
      readonly kind: 'finished'
      readonly copy: CopyItem
      readonly pages: readonly PageItem[]
      readonly added: number
      readonly fault: ErrorNotice | null
    }

/** Where new pages go. `replace` takes exactly one page; further ones go behind it. */
const pagePlaceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('append') }),
  z.strictObject({ kind: z.literal('insert'), at: z.int().min(0) }),
  z.strictObject({ kind: z.literal('replace'), pageId: idSchema }),
])
export type PagePlace = z.infer<typeof pagePlaceSchema>

const scanProfileSchema = z.strictObject({
  deviceId: z.string().min(1).max(1000),
  source: z.enum(['flatbed', 'feeder']),
  sides: z.enum(['front', 'both']),
  dpi: z.int().min(50).max(1200),
  colour: z.enum(['colour', 'grey', 'lineart']),
  paper: z.strictObject({ widthMm: z.number().min(20).max(900), heightMm: z.number().min(20).max(1300) }),
})
export type ScanProfile = z.infer<typeof scanProfileSchema>

export const scanSchema = z.strictObject({
  jobId: jobIdSchema,
  copy: copyRefSchema,
  profile: scanProfileSchema,
  place: pagePlaceSchema.default({ kind: 'append' }),
})

/** Files go up in pieces (`uploads.append`), then one import takes them in their order. */
export const importSchema = z.strictObject({
  jobId: jobIdSchema,
  copy: copyRefSchema,
  uploadIds: z.array(idSchema).min(1).max(500),
  place: pagePlaceSchema.default({ kind: 'append' }),
})
export const recoverSchema = z.strictObject({ jobId: jobIdSchema, copy: copyRefSchema })
