import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { resourcePath } from '../resources.ts'
import { DocumentError } from './errors.ts'

const line = z.string().trim().min(1)

/** Where a legal text comes from, and what of it nobody has been able to check. */
const provenance = { basis: line, unverified: z.array(line) }

const registerSchema = z.strictObject({
  ...provenance,
  state: line,
  motto: line,
  title: line,
  bookLine: line.includes('{book}'),
  openedLine: line.includes('{date}'),
  closedLine: line.includes('{date}'),
  periodLine: line.includes('{from}').includes('{to}'),
  columns: z.strictObject({
    number: line,
    date: line,
    requester: line,
    title: line,
    signer: line,
    copies: line,
    fee: line,
    note: line,
  }),
  countLine: line.includes('{numbers}').includes('{voids}').includes('{copies}'),
  feeLine: line.includes('{fee}'),
  auditLine: line.includes('{sequence}').includes('{hash}'),
  emptyLine: line,
  confirmationPlace: line.includes('{day}').includes('{month}').includes('{year}'),
  confirmationLine: line,
  confirmationNote: line,
  pageLine: line.includes('{page}').includes('{pages}'),
  /** Column Ghi chú. */
  notes: z.strictObject({
    void: z.record(line, line),
    cancelled: line.includes('{number}').includes('{date}'),
    pending: line,
  }),
})

/** Words of the register of certified copies (sổ chứng thực bản sao). */
export type RegisterText = z.infer<typeof registerSchema>

const moment = line.includes('{hour}').includes('{minute}').includes('{day}').includes('{month}').includes('{year}')
const receiptSchema = z.strictObject({
  ...provenance,
  state: line,
  motto: line,
  title: line,
  codeLine: line.includes('{code}'),
  requesterLine: line.includes('{name}'),
  phoneLine: line.includes('{phone}'),
  emailLine: line.includes('{email}'),
  subjectLine: line,
  papersLine: line,
  paperLine: line.includes('{position}').includes('{title}').includes('{issuer}').includes('{copies}'),
  receivedLine: moment,
  dueLine: moment,
  deliveryLine: line,
  requesterSign: line,
  officerSign: line,
  signNote: line,
})

/** Words of the receipt with the appointment (giấy tiếp nhận hồ sơ và hẹn trả kết quả). */
export type ReceiptText = z.infer<typeof receiptSchema>

function load<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(resourcePath('legal', name), 'utf8')))
  } catch (cause) {
    throw new DocumentError('legal-text-invalid', { file: name }, { cause })
  }
}

/** Reads `resources/legal/register-copy.json`. @throws DocumentError legal-text-invalid */
export function registerText(): RegisterText {
  return load('register-copy.json', registerSchema)
}

/** @throws DocumentError legal-text-invalid */
export function receiptText(): ReceiptText {
  return load('receipt.json', receiptSchema)
}

/** Puts `values` into the `{name}` places of a line. */
export function fillLine(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}

/** Day, month and year of a calendar date `yyyy-mm-dd` as NĐ 30/2020 Phụ lục I II.4.b writes them: days under 10 and months 1, 2 with a nought. */
export function dateWords(date: string): { readonly day: string; readonly month: string; readonly year: string } {
  const [, year, month, day] = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(date) ?? []
  if (!year || !month || !day) throw new DocumentError('statement-invalid', { field: 'date' })
  return { day, month: Number(month) < 3 ? month : String(Number(month)), year }
}
