import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { resourcePath } from '../resources.ts'
import type { WorkCalendar } from './calendar.ts'
import type { DeadlineRule } from './requests/deadline.ts'
import type { Tariff } from './requests/fee.ts'
import type { OfficeSettings } from './settings.ts'
import type { ExtensionReason, RefusalGround } from './types.ts'

/** The law's figures and texts as data; each file names its legal basis and can be replaced without a new release. */
export interface OfficeRules {
  readonly tariff: Tariff
  readonly refusalGrounds: ReadonlyMap<RefusalGround, string>
  readonly refusalBasis: string
  readonly extensionReasons: ReadonlyMap<ExtensionReason, string>
  readonly cutOff: string
  readonly maximumExtensionWorkdays: number
  readonly calendar: WorkCalendar
}

const legalBasis = z.string().min(1)

const feesSchema = z.strictObject({
  legalBasis,
  currency: z.literal('VND'),
  tiers: z
    .array(z.strictObject({ throughPage: z.int().positive().nullable(), perPage: z.int().nonnegative() }))
    .nonempty(),
  maximumPerCopy: z.int().positive(),
})

const groundsSchema = z.strictObject({
  legalBasis,
  duty: z.string(),
  grounds: z
    .array(
      z.strictObject({
        ground: z.literal([1, 2, 3, 4, 5, 6]),
        text: z.string().min(1),
      }),
    )
    .length(6),
})

const deadlinesSchema = z.strictObject({
  legalBasis,
  cutOff: z.string().regex(/^\d\d:\d\d$/),
  maximumExtensionWorkdays: z.int().nonnegative(),
  extensionReasons: z.array(
    z.strictObject({
      id: z.enum(['many-kinds', 'many-pages', 'many-copies', 'hard-to-compare']),
      text: z.string().min(1),
    }),
  ),
})

const calendarSchema = z.strictObject({
  legalBasis,
  note: z.string(),
  everyYear: z.array(z.string().regex(/^\d\d-\d\d$/)),
  years: z.array(
    z.strictObject({
      year: z.int(),
      confirmed: z.boolean(),
      holidays: z.array(z.iso.date()),
      workdays: z.array(z.iso.date()),
    }),
  ),
})

function read<Value>(name: string, schema: z.ZodType<Value>): Value {
  return schema.parse(JSON.parse(readFileSync(resourcePath('office', name), 'utf8')))
}

/** Reads `resources/office/`; throws when a file is not what the program understands, at the start rather than in the middle of work. */
export function loadOfficeRules(): OfficeRules {
  const grounds = read('refusal-grounds.json', groundsSchema)
  const deadlines = read('deadlines.json', deadlinesSchema)
  const calendar = read('calendar.json', calendarSchema)
  return {
    tariff: read('fees.json', feesSchema),
    refusalGrounds: new Map(grounds.grounds.map(({ ground, text }) => [ground, text])),
    refusalBasis: grounds.legalBasis,
    extensionReasons: new Map(deadlines.extensionReasons.map(({ id, text }) => [id, text])),
    cutOff: deadlines.cutOff,
    maximumExtensionWorkdays: deadlines.maximumExtensionWorkdays,
    calendar: {
      everyYear: new Set(calendar.everyYear),
      holidays: new Set(calendar.years.flatMap(year => year.holidays)),
      workdays: new Set(calendar.years.flatMap(year => year.workdays)),
    },
  }
}

/** The national rule with the office's own corrections. */
export function deadlineRule(rules: OfficeRules, settings: OfficeSettings): DeadlineRule {
  return {
    cutOff: rules.cutOff,
    workdayEnds: settings.workdayEnds,
    maximumExtensionWorkdays: rules.maximumExtensionWorkdays,
    calendar: {
      everyYear: rules.calendar.everyYear,
      holidays: new Set([...rules.calendar.holidays, ...settings.extraHolidays]),
      workdays: new Set([...rules.calendar.workdays, ...settings.extraWorkdays]),
    },
  }
}
