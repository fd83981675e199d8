import { z } from 'zod'
import { typedText } from './typed-text.ts'

/** A group of requesters or a kind of request without fee, with the text that says so (never in code: provinces decide). */
const exemptionSchema = z.strictObject({
  id: typedText,
  name: typedText,
  legalBasis: typedText,
})

const day = z.iso.date()
const hourAndMinute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const officeSettingsSchema = z.strictObject({
  /** Symbol of the register (ký hiệu), NĐ 23/2015 Đ13 kh.4; some provinces' electronic books write "SCTĐT/BS". */
  bookSymbol: typedText.default('SCT/BS'),
  /** End of the working day in Vietnam: the hour at which a deadline falls. */
  workdayEnds: hourAndMinute.default('17:00'),
  /** Days off beyond the national list, and national days off that the list lacks. */
  extraHolidays: z.array(day).default([]),
  /** Saturdays or Sundays worked in exchange (hoán đổi ngày làm việc). */
  extraWorkdays: z.array(day).default([]),
  feeExemptions: z.array(exemptionSchema).default([]),
  statementPlacement: z.enum(['auto', 'last-page', 'new-page']).default('auto'),
  /** Real size of the seal. */
  sealDiameterMm: z.number().min(10).max(60).default(36),
  /** Longer without any work than this, and somebody says once that the PC's clock is right (a long weekend has four days). */
  clockGapDays: z.number().int().min(1).max(60).default(4),
  claimMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(15),
})

export type OfficeSettings = z.infer<typeof officeSettingsSchema>
