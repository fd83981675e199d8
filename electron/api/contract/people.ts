import { z } from 'zod'
import { ROLES } from '../../office/types.ts'
import { idSchema } from './common.ts'

export interface OfficeItem {
  readonly id: string
  readonly name: string
  readonly sealCertificateSha256: string | null
  readonly hasSealImage: boolean
}

export const roleSchema = z.enum(ROLES)
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().min(1).max(300)
const roles = z.array(roleSchema).min(1)
const signerTitle = z.array(z.string().min(1).max(100)).max(4)

/** A picture as base64 of a PNG file, at most some megabytes. */
const pngSchema = z.base64().max(8_000_000)

export const addPersonSchema = z.strictObject({
  name,
  roles,
  signerTitle: signerTitle.default([]),
  certificateSha256: sha256Schema.nullable().default(null),
})
export const changePersonSchema = z.strictObject({
  personId: idSchema,
  name: name.optional(),
  roles: roles.optional(),
  signerTitle: signerTitle.optional(),
  certificateSha256: sha256Schema.nullable().optional(),
  active: z.boolean().optional(),
})
export const signatureImageSchema = z.strictObject({ personId: idSchema, png: pngSchema })
export const officeNameSchema = z.strictObject({ name })
export const sealCertificateSchema = z.strictObject({ certificateSha256: sha256Schema })
/** Without `png` the picture stays; null takes it away. */
export const sealSchema = z.strictObject({ certificateSha256: sha256Schema, png: pngSchema.nullable().optional() })
