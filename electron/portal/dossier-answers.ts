import { z } from 'zod'
import { DOSSIER_STATE, type Upload } from './dossier-fields.ts'
import type { DossierSettings } from './dossier-settings.ts'

/** What the dossier API answers, parsed. Nothing of it is specified in public, so unknown fields are let through and spellings vary. */

const codeText = z.union([z.string(), z.number()]).transform(String)

/** `{code, message, data}` around every answer; `code` comes as number or as text. */
export const envelopeSchema = z.object({
  code: codeText,
  message: z
    .string()
    .nullish()
    .transform(message => message ?? ''),
  data: z.unknown().optional(),
})

export type Envelope = z.infer<typeof envelopeSchema>

/** What an envelope says: done, there already, or refused. A repeated insert may be answered with a code of success. */
export function verdict(
  envelope: Envelope,
  status: number,
  settings: DossierSettings,
): 'done' | 'duplicate' | 'refused' {
  const says = (text: string) => text.normalize('NFC').toLocaleLowerCase('vi')
  if (says(envelope.message).includes(says(settings.duplicateText))) return 'duplicate'
  return status < 300 && settings.successCodes.includes(envelope.code) ? 'done' : 'refused'
}

export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() })

export const nextNumberSchema = z.object({ value: z.string().trim().min(1) })

const uploadedSchema = z.object({ IdTepTin: z.string().min(1), HashTepTin: z.string().min(1) })

/** The list of uploaded files; one proxy wraps the portal's whole answer: `data[0].response.data`. */
export const uploadSchema = z.union([
  z.array(uploadedSchema).min(1),
  z
    .tuple([z.object({ response: z.object({ data: z.array(uploadedSchema).min(1) }) })])
    .transform(([wrapped]) => wrapped.response.data),
])

/** The API writes IDHoSo, IdHoSo or idHoSo: the letters' case of field names is evened out before parsing. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]))
}

export const createdSchema = z.preprocess(
  lowerKeys,
  z.object({ idhoso: codeText, mahoso: z.string() }).transform(d => ({ id: d.idhoso, number: d.mahoso })),
)

const foundPaper = z
  .object({ idgiayto: z.string().nullish(), hashteptin: z.string().nullish() })
  .transform(p => ({ id: p.idgiayto ?? null, hash: p.hashteptin ?? null }))

const foundDossier = z
  .object({
    idhoso: codeText,
    mahoso: z.string(),
    trangthai: z.coerce.number(),
    thanhphanhoso: z.array(z.object({ giaytodinhkem: z.array(foundPaper).nullish() })).nullish(),
    tientrinh: z.array(z.object({ trangthai: z.coerce.number(), thoidiemxuly: z.string() })).nullish(),
    danhsachgiaytoketqua: z.array(foundPaper).nullish(),
    soquyetdinhhuy: z.string().nullish(),
  })
  .transform(d => ({
    id: d.idhoso,
    number: d.mahoso,
    state: d.trangthai,
    attached: (d.thanhphanhoso ?? []).flatMap(component => component.giaytodinhkem ?? []),
    progress: (d.tientrinh ?? []).map(item => ({ state: item.trangthai, at: item.thoidiemxuly })),
    /** null when the portal does not tell. */
    results: d.danhsachgiaytoketqua ?? null,
    /** Number of the decision by which the result was taken back. */
    cancelledBy: d.soquyetdinhhuy ?? null,
  }))

/** A dossier as the portal's look-up shows it. */
export type FoundDossier = z.infer<typeof foundDossier>

/** Answer of the look-up by MaHoSo: a list, empty when there is no such dossier. */
export const lookupSchema = z.preprocess(lowerKeys, z.array(foundDossier))

/** Foreign only on evidence: it names files, and ours is not among them. */
export function isForeign(found: FoundDossier, upload: Upload): boolean {
  return found.attached.length > 0 && !found.attached.some(paper => isOurs(paper, upload))
}

/** Whether the portal has handed our file over as the dossier's result. */
export function hasResult(found: FoundDossier, upload: Upload): boolean {
  if (found.state !== DOSSIER_STATE.done && found.state !== DOSSIER_STATE.returned) return false
  return found.results === null || found.results.some(paper => isOurs(paper, upload))
}

function isOurs(paper: { readonly id: string | null; readonly hash: string | null }, upload: Upload): boolean {
  return paper.id === upload.id || paper.hash?.toLowerCase() === upload.hash.toLowerCase()
}
