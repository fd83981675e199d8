import { z } from 'zod'
import type { ExtensionReason } from '../../office/types.ts'
import { idSchema, type Time } from './common.ts'
import type { CopyItem } from './copies.ts'

export interface RequesterItem {
  readonly name: string
  readonly personalNumber: string | null
  readonly email: string | null
  readonly phone: string | null
}

export interface RequestItem {
  readonly id: string
  readonly requester: RequesterItem
  readonly receivedAt: Time
  readonly receivedBy: string
  readonly dueAt: Time
  readonly extension: { readonly reason: ExtensionReason; readonly writtenAgreement: boolean } | null
  readonly appointmentNeeded: boolean
  readonly exemptionId: string | null
  readonly copies: readonly CopyItem[]
}

const text = z.string().max(1000)

/** The office says what is missing in its own words, so an empty text passes here. */
export const receiveSchema = z.strictObject({
  requester: z.strictObject({
    name: text,
    personalNumber: text.nullable(),
    email: text.nullable(),
    phone: text.nullable(),
  }),
  originals: z
    .array(z.strictObject({ title: text, kind: text, issuer: text, copyCount: z.int() }))
    .min(1)
    .max(200),
  receivedAt: z.iso.datetime().optional(),
  exemptionId: idSchema.nullable().optional(),
})
export const requestIdSchema = z.strictObject({ requestId: idSchema })
export const extendSchema = z.strictObject({
  requestId: idSchema,
  dueAt: z.iso.datetime(),
  reason: z.enum(['many-kinds', 'many-pages', 'many-copies', 'hard-to-compare']),
  writtenAgreement: z.boolean(),
})
