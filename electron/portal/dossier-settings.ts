import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { resourcePath } from '../resources.ts'
import { PortalError } from './errors.ts'

const path = z.string().regex(/^\/\S*$/)
const text = z.string().trim().min(1)
const milliseconds = z.int().positive().max(3_600_000)

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
}

/**
 * Everything about a portal that is not certain or that differs from office to office. Where each default comes from, and whether anyone has
 * confirmed it, stands beside it in `resources/portals/dossier-api.json`.
 */
const dossierSettingsSchema = z
  .strictObject({
    /** Gateway in front of the API, without a slash at the end. */
    baseUrl: z.url({ protocol: /^https?$/ }).regex(/[^/]$/),
    /** Only for a gateway inside the state's private network (CPNet); loopback is always allowed. */
    allowPlainHttp: z.boolean(),
    paths: z.strictObject({
      token: path,
      nextNumber: path,
      upload: path,
      create: path,
      progress: path,
      status: path,
      lookup: path,
      cancel: path,
    }),
    unit: z.strictObject({
      /** `code` of GetNextValue. */
      numberCode: text,
      /** MaDonViTiepNhan. */
      code: text,
    }),
    /** MaTTHC and MaDichVuCong. */
    procedure: z.strictObject({ code: text, serviceCode: z.string() }),
    /** The one component of the dossier: MaThanhPhanHoSo, TenThanhPhanHoSo. */
    component: z.strictObject({ code: text, name: text }),
    /** MaKetQua of the certified electronic copy. */
    resultCode: text,
    /** LoaiDoiTuong of a citizen and LoaiBan of an electronic paper; other lists than the classic API's. */
    codes: z.strictObject({ citizen: z.int(), electronicPaper: z.int() }),
    /** NguoiXuLy of the sealing (the clerk acts for the office), PhongBanXuLy and NoiDungXuLy of the steps. */
    wording: z.strictObject({
      clerk: text,
      department: text,
      received: text,
      signed: text,
      sealed: text,
      cancelled: text,
    }),
    limits: z.strictObject({
      fileBytes: z.int().positive(),
      documentName: z.int().min(8),
      personName: z.int().positive(),
      processorName: z.int().positive(),
    }),
    /** What HashTepTin is; `unchecked` where the portal does not say. */
    fileHash: z.enum(['SHA-256', 'unchecked']),
    /** Values of `code` that mean success, as text. */
    successCodes: z.array(z.string()).min(1),
    /** A message holding this means that the portal has the dossier already, whatever the code. */
    duplicateText: text,
    timeouts: z.strictObject({
      request: milliseconds,
      upload: milliseconds,
      /** How long the portal may still be working on a request whose answer we did not see; until then nothing is sent twice. */
      settle: z.int().min(0).max(3_600_000),
    }),
  })
  .refine(s => s.allowPlainHttp || s.baseUrl.startsWith('https:') || isLoopback(s.baseUrl), {
    path: ['baseUrl'],
    message: 'plain HTTP needs allowPlainHttp',
  })

export type DossierSettings = z.infer<typeof dossierSettingsSchema>

const defaultsSchema = z.strictObject({
  settings: z.record(z.string(), z.unknown()),
  basis: z.record(z.string(), z.strictObject({ source: text, confirmed: z.boolean() })),
})

/** The defaults as they lie on disk: settings, and for each where it comes from. */
export function dossierDefaults(): z.infer<typeof defaultsSchema> {
  return defaultsSchema.parse(JSON.parse(readFileSync(resourcePath('portals', 'dossier-api.json'), 'utf8')))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function merged(base: unknown, changes: unknown): unknown {
  if (!isObject(base) || !isObject(changes)) return changes
  const keys = new Set([...Object.keys(base), ...Object.keys(changes)])
  return Object.fromEntries(
    [...keys].map(key => [key, Object.hasOwn(changes, key) ? merged(base[key], changes[key]) : base[key]]),
  )
}

/**
 * The office's own settings laid over the defaults; objects are merged, everything else replaced.
 * @throws PortalError portal-settings-invalid with the first wrong field
 */
export function dossierSettings(own: unknown): DossierSettings {
  const parsed = dossierSettingsSchema.safeParse(merged(dossierDefaults().settings, own))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join('.')
  throw new PortalError('portal-settings-invalid', { field }, { cause: parsed.error })
}
