import { z } from 'zod'
import { daySchema, type Time } from './common.ts'

export interface BookItem {
  readonly id: string
  readonly kind: string
  readonly year: number
  readonly label: string
  readonly openedAt: Time
  readonly closedAt: Time | null
  readonly firstNumber: number | null
  readonly lastNumber: number | null
}

/** A print of the register, kept until the program ends; addresses relative to the page's own. */
export interface RegisterPrint {
  readonly pdf: string
  readonly xlsx: string
}

export const periodSchema = z.strictObject({ from: daySchema, to: daySchema })
export const yearSchema = z.strictObject({ year: z.int().min(2000).max(9999) })
