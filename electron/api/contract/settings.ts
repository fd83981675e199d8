import { z } from 'zod'
import type { Language } from '../../messages.ts'
import { officeSettingsSchema } from '../../office/settings.ts'
import { chosenPathSchema } from './common.ts'

export type { OfficeSettings } from '../../office/settings.ts'

/** This PC's settings as the page may see them: names of files and addresses, no secret. */
export interface DeskSettingsItem {
  readonly language: Language
  readonly practice: boolean
  readonly tokenModules: readonly string[]
  readonly extraScanners: readonly string[]
  readonly timestampUrl: string | null
  readonly delivery: 'dossier-api' | 'manual-package'
}

/** A module through which tokens can be reached: found on this PC, set before, or just chosen. */
export interface TokenModuleItem {
  readonly id: string
  readonly path: string
  /** The settings name it. Where none is named, all that were found are used. */
  readonly isSet: boolean
}

/** By SANE's name: a driver, and what that driver says of the device. Never a path. */
const scannerNameSchema = z
  .string()
  .max(1000)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_+-]*(:[^\p{Cc}]*)?$/u)

/** What is given is changed. Of each field the office's own rule holds. */
export const changeOfficeSettingsSchema = z.strictObject({
  bookSymbol: officeSettingsSchema.shape.bookSymbol.unwrap().optional(),
  workdayEnds: officeSettingsSchema.shape.workdayEnds.unwrap().optional(),
  extraHolidays: officeSettingsSchema.shape.extraHolidays.unwrap().optional(),
  extraWorkdays: officeSettingsSchema.shape.extraWorkdays.unwrap().optional(),
  feeExemptions: officeSettingsSchema.shape.feeExemptions.unwrap().optional(),
  statementPlacement: officeSettingsSchema.shape.statementPlacement.unwrap().optional(),
  sealDiameterMm: officeSettingsSchema.shape.sealDiameterMm.unwrap().optional(),
  clockGapDays: officeSettingsSchema.shape.clockGapDays.unwrap().optional(),
  claimMinutes: officeSettingsSchema.shape.claimMinutes.unwrap().optional(),
})

/** Takes effect when the office is opened again, which the program does at once. Role admin. */
export const changeDeskSettingsSchema = z.strictObject({
  tokenModules: z.array(chosenPathSchema).max(50).optional(),
  extraScanners: z.array(scannerNameSchema).max(50).optional(),
  timestampUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .optional(),
})

/**
 * Whether the program renews itself: `no-key`: nobody's signature would be believed; `not-here`: it came as a package of the system or as a
 * portable file.
 */
export type UpdatesPossible = 'yes' | 'no-key' | 'not-here'

/**
 * What the feed of newer programs says: nobody is asked; ours is the newest; there is a newer one, which is fetched when the program is next
 * started; it is fetched already and will be installed when the program is closed.
 */
export type UpdateNews =
  | { readonly kind: 'off' | Exclude<UpdatesPossible, 'yes'> }
  | { readonly kind: 'newest'; readonly version: string }
  | { readonly kind: 'found' | 'fetched'; readonly version: string }

/** https address of the folder with the newest program; null: off. Role admin. */
export const updateFeedSchema = z.strictObject({
  feed: z
    .url({ protocol: /^https$/ })
    .max(1000)
    .nullable(),
})

/** A service of the settings, tried just now. */
export interface ServiceState {
  readonly service: 'timestamp' | 'delivery'
  readonly state: 'there' | 'silent' | 'not-set'
}
