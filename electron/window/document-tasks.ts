import { z } from 'zod'
import type { CertifiedCopyRequest, Receipt, RegisterPrint } from '../document/index.ts'
import type { FileToVerify } from '../document-work.ts'
import type { OfficeTrust } from '../signing-parts.ts'

/** What the window asks its document threads, and what they answer. Both ends are ours; what comes back is parsed all the same. */

export type DocumentTask =
  | { readonly kind: 'compose'; readonly request: CertifiedCopyRequest; readonly out: string }
  | { readonly kind: 'import'; readonly path: string; readonly directory: string; readonly firstPage: number }
  | {
      readonly kind: 'register'
      readonly print: RegisterPrint
      readonly files: { readonly pdf: string; readonly xlsx: string }
    }
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly out: string }
  | { readonly kind: 'verify'; readonly file: FileToVerify; readonly trust: OfficeTrust }

export const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export const layoutSchema = z.object({
  pageCount: z.int(),
  statementPage: z.int(),
  signatureRectangle: rectangleSchema,
  sealRectangle: rectangleSchema,
})
export const importedPageSchema = z.object({
  image: z.object({
    path: z.string(),
    mediaType: z.enum(['image/jpeg', 'image/png']),
    widthPx: z.int(),
    heightPx: z.int(),
    dpi: z.number(),
  }),
})
