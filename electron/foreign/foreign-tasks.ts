import { z } from 'zod'
import type { FileToVerify } from '../document-work.ts'
import type { RawPage } from '../scanning/driver.ts'
import type { OfficeTrust } from '../signing-parts.ts'

/** What is asked of a process for strangers' files, and what it answers. Both ends are ours; what comes back is parsed all the same. */

/** A stored page as somebody looks at it: `width` in pixels, null as wide as it is. */
export interface PageLook {
  readonly path: string
  readonly turn: 0 | 90 | 180 | 270
  readonly width: number | null
}

export type ForeignTask =
  | { readonly kind: 'import'; readonly path: string; readonly directory: string; readonly firstPage: number }
  | { readonly kind: 'raw-page'; readonly page: RawPage }
  | { readonly kind: 'look'; readonly look: PageLook }
  | { readonly kind: 'verify'; readonly file: FileToVerify; readonly trust: OfficeTrust }

const imageSchema = z.object({
  path: z.string(),
  mediaType: z.enum(['image/jpeg', 'image/png']),
  widthPx: z.int(),
  heightPx: z.int(),
  dpi: z.number(),
  rotation: z.literal([0, 90, 180, 270]).exactOptional(),
})
export const importedPageSchema = z.object({ image: imageSchema })
export const pageFileSchema = imageSchema.extend({ bytes: z.int(), sha256: z.string() })
export const pictureSchema = z.instanceof(Uint8Array)
