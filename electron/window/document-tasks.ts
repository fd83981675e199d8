import { z } from 'zod'
import type { CertifiedCopyRequest, Receipt, RegisterPrint } from '../document/index.ts'

/** What the window asks its document thread, and what it answers. Both ends are ours; what comes back is parsed all the same. */

export type DocumentTask =
  | { readonly kind: 'compose'; readonly request: CertifiedCopyRequest; readonly out: string }
  | {
      readonly kind: 'register'
      readonly print: RegisterPrint
      readonly files: { readonly pdf: string; readonly xlsx: string }
    }
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly out: string }

const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export const layoutSchema = z.object({
  pageCount: z.int(),
  statementPage: z.int(),
  signatureRectangle: rectangleSchema,
  sealRectangle: rectangleSchema,
})
