import { z } from 'zod'
import type { ErrorNotice } from './common.ts'
import { type CertificateItem, type ModuleFault, pinSchema, type TokenItem } from './signing.ts'

/** Who in this office signs with a certificate; `mine`: the person who works at this window. */
export type CertificateUse =
  | { readonly kind: 'person'; readonly name: string; readonly mine: boolean }
  | { readonly kind: 'seal' }

export interface ManagedCertificate extends CertificateItem {
  /** An issuer's, laid beside the holder's own; nobody signs with it. */
  readonly isIssuer: boolean
  /** Nobody where it is not registered in the office. */
  readonly uses: readonly CertificateUse[]
  /** Why it cannot sign: expired, not yet valid, not for signing, revoked, of no trusted issuer. Null where it can. */
  readonly fault: ErrorNotice | null
}

export interface ManagedToken extends Omit<TokenItem, 'certificates'> {
  /** Who gives out such tokens, as people know them; null for a driver that is not on the list. */
  readonly issuer: string | null
  /** Characters of a new PIN; null where it cannot be changed here. */
  readonly newPin: { readonly minimum: number; readonly maximum: number } | null
  readonly certificates: readonly ManagedCertificate[]
}

/** What is plugged in, and the drivers that could not be asked. */
export interface TokenOverview {
  readonly tokens: readonly ManagedToken[]
  readonly faults: readonly ModuleFault[]
}

export const overviewSchema = z.strictObject({
  /** Starts the drivers again: some see a new reader only then. */
  anew: z.boolean().default(false),
})

/** The token is named three times over: a PIN must not go to another that was plugged in meanwhile. */
export const changePinSchema = z.strictObject({
  module: z.string().min(1).max(1000),
  slotId: z.int().min(0),
  serialNumber: z.string().max(100),
  pin: pinSchema,
  newPin: pinSchema,
  lastTryConfirmed: z.boolean().default(false),
})
