import { z } from 'zod'
import type { Language } from '../../messages.ts'
import type { Role } from '../../office/types.ts'
import { idSchema, languageSchema } from './common.ts'

export interface PersonItem {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly signerTitle: readonly string[]
  readonly certificateSha256: string | null
  readonly hasSignatureImage: boolean
  readonly hasPassword: boolean
  readonly active: boolean
}

/** All that the first screen needs. */
export interface SessionState {
  readonly programVersion: string
  readonly language: Language
  /** Null at the first start: then the guided set-up, or `practice.start`. */
  readonly office: { readonly id: string; readonly name: string; readonly practice: boolean } | null
  /** Who works at this window; null: choose with `session.begin`. */
  readonly person: PersonItem | null
}

/** What waits for the person who works here, told at once and after each change. */
export interface WorkWaiting {
  readonly waiting: number
  /** Copies that were not waiting when this was told before: work that arrived. */
  readonly arrived: readonly { readonly copyId: string; readonly title: string }[]
}

/** Something was changed, here or by the program itself (delivery, another desk): lists shown may be old. */
export interface Change {
  readonly subject: 'copies' | 'people' | 'register' | 'settings' | 'session'
}

const passwordSchema = z.string().max(200)

/** `password` only for who has one. */
export const beginSessionSchema = z.strictObject({
  personId: idSchema,
  password: passwordSchema.nullable().default(null),
})
/** `next` null takes it away. One's own only with the `current` one; the administrator sets those of others without. */
export const setPasswordSchema = z.strictObject({
  personId: idSchema,
  current: passwordSchema.nullable(),
  next: passwordSchema.nullable(),
})
export const changeLanguageSchema = z.strictObject({ language: languageSchema })
/** A new office with its first administrator; only while there is none. */
export const foundOfficeSchema = z.strictObject({
  name: z.string().min(1).max(300),
  administrator: z.string().min(1).max(300),
})
