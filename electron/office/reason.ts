import { z } from 'zod'
import { OfficeError } from './errors.ts'
import { parseInput } from './parts.ts'
import { typedLines } from './typed-text.ts'

const reasonSchema = z.strictObject({ reason: typedLines })

/** @throws OfficeError reason-missing, character-refused, input-invalid */
export function requireReason(reason: string): string {
  if (reason.trim() === '') throw new OfficeError('reason-missing')
  return parseInput(reasonSchema, { reason }).reason
}
