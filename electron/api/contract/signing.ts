import { z } from 'zod'
import type { PinState } from '../../../native-signing/types.ts'
import { copyRefSchema, type ErrorNotice, jobIdSchema, type Time } from './common.ts'
import type { CopyItem } from './copies.ts'

export interface CertificateItem {
  readonly sha256: string
  readonly commonName: string
  readonly issuer: string
  readonly serialNumber: string
  readonly validFrom: Time
  readonly validUntil: Time
}

export interface TokenItem {
  readonly module: string
  readonly slotId: number
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly serialNumber: string
  readonly pinState: PinState
  readonly minimumPinLength: number
  readonly maximumPinLength: number
  /** The PIN is typed on the reader itself: send `pin: null`. */
  readonly pinPad: boolean
  readonly certificates: readonly CertificateItem[]
}

/** A module that could not be asked. */
export interface ModuleFault {
  readonly module: string
  readonly error: ErrorNotice
}

export interface TokenList {
  readonly tokens: readonly TokenItem[]
  readonly faults: readonly ModuleFault[]
}

/** What the PIN box shows before any PIN: the token that holds the right certificate. */
export interface SigningToken {
  readonly token: TokenItem
  readonly certificate: CertificateItem
  /** It is still logged in from an earlier signing, as its person asked: send `pin: null`. */
  readonly held: boolean
}

/**
 * What a batch tells: one `copy` per file in the given order, then `finished`. A file is done whole or untouched. A wrong PIN, a locked
 * token and the like fail the call itself before any file.
 */
export type SigningNews =
  | { readonly kind: 'started'; readonly total: number }
  | { readonly kind: 'copy'; readonly copyId: string; readonly result: 'done'; readonly copy: CopyItem }
  | { readonly kind: 'copy'; readonly copyId: string; readonly result: 'failed'; readonly error: ErrorNotice }
  | { readonly kind: 'copy'; readonly copyId: string; readonly result: 'not-tried' }
  | { readonly kind: 'finished'; readonly done: number; readonly failed: number; readonly notTried: number }

const signatureKindSchema = z.enum(['signature', 'seal'])
const tokenChoiceSchema = z.strictObject({
  module: z.string().min(1).max(1000).optional(),
  /** Its label. */
  token: z.string().min(1).max(200).optional(),
})

export const findTokenSchema = z.strictObject({ kind: signatureKindSchema, choice: tokenChoiceSchema.default({}) })

/** A PIN on its way to the token: turned into bytes on the other side, used once, and wiped. Null: the reader's own keys. */
export const pinSchema = z.string().min(1).max(255).nullable()

export const signSchema = z.strictObject({
  jobId: jobIdSchema,
  kind: signatureKindSchema,
  copies: z.array(copyRefSchema).min(1).max(1000),
  choice: tokenChoiceSchema.default({}),
  pin: pinSchema,
  /** The explicit yes where one more mistake locks the token. */
  lastTryConfirmed: z.boolean().default(false),
  /**
   * What the person asked for. `batch`: it goes on after the PC's sleep, the PIN stays in the token's process until its end, for one more
   * login. `session`: the token stays logged in for the next signings, until the person leaves, lets go of it, pulls it out or signs nothing
   * for ten minutes.
   */
  keepPin: z.enum(['no', 'batch', 'session']).default('no'),
})
