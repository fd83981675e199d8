import { z } from 'zod'
import type { CertifiedCopyLayout, CertifiedCopyRequest } from '../../document/types.ts'
import type { BlobStore } from '../../store/blobs.ts'
import { canonicalJson, sha256OfText } from '../canonical-json.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const rectangle = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })

export const contentSchema = z.strictObject({
  /** Of the copy (`document/forms.ts`). */
  form: z.literal(1),
  copyId: z.string(),
  title: z.string(),
  pages: z.array(
    z.strictObject({
      sha256,
      mediaType: z.enum(['image/jpeg', 'image/png']),
      widthPx: z.int(),
      heightPx: z.int(),
      dpi: z.number(),
      rotation: z.literal([0, 90, 180, 270]),
    }),
  ),
  statement: z.strictObject({
    number: z.string(),
    book: z.string(),
    date: z.iso.date(),
    officeName: z.string(),
    signerTitle: z.array(z.string()),
    signerName: z.string(),
  }),
  placement: z.enum(['auto', 'last-page', 'new-page']),
  sealDiameterMm: z.number(),
  signerId: z.string(),
  certificateSha256: sha256,
  /** When it was fixed; also the only time in the composed file. */
  fixedAt: z.iso.datetime(),
  /** The end of the office's chain of events before the number was taken: each copy proves the register up to itself. */
  chain: z.strictObject({ sequence: z.int(), hash: sha256 }),
})

export const layoutSchema: z.ZodType<CertifiedCopyLayout> = z.strictObject({
  pageCount: z.int(),
  statementPage: z.int(),
  signatureRectangle: rectangle,
  sealRectangle: rectangle,
})

/**
 * All that the signer signs, fixed in the transaction that takes the number. The file is composed from this alone, so a crash in between
 * is repeated with the same number and the same file.
 */
export type FixedContent = Readonly<z.infer<typeof contentSchema>>

/** The content of a row that anybody may have changed; null where it is none. */
export function readableContent(text: string | null): FixedContent | null {
  try {
    return text === null ? null : contentSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export function contentSha256(content: FixedContent): string {
  return sha256OfText(canonicalJson(content))
}

/** The same but for the moment of fixing, and what had happened until then: then what was fixed before stays. */
export function sameContent(one: FixedContent, other: FixedContent): boolean {
  return contentSha256({ ...one, fixedAt: other.fixedAt, chain: other.chain }) === contentSha256(other)
}

export function composingOf(content: FixedContent, blobs: Pick<BlobStore, 'path'>): CertifiedCopyRequest {
  return {
    form: content.form,
    pages: content.pages.map(({ sha256: page, ...image }) => ({ ...image, path: blobs.path(page) })),
    statement: content.statement,
    placement: content.placement,
    title: content.title,
    createdAt: new Date(content.fixedAt),
    sealDiameterMm: content.sealDiameterMm,
    chain: content.chain,
  }
}
