import type { z } from 'zod'
import type { BlobStore } from '../store/blobs.ts'
import type { Store } from '../store/store.ts'
import type { Notary } from './audit/anchors.ts'
import type { InspectFile } from './audit/check-files.ts'
import { OfficeError } from './errors.ts'
import type { OfficeRules } from './rules.ts'
import type { Archiver, Composer, SigningEngine } from './signing/engine.ts'
import type { LeastLevel } from './signing/level.ts'
import { refusedCharacter } from './typed-text.ts'

/** Everything the office works with, handed in from outside: a test hands in a soft token and its own clock, the desktop the real ones. */
export interface OfficeParts {
  readonly store: Store
  readonly blobs: BlobStore
  readonly clock: () => Date
  /** Waits, and keeps the program alive meanwhile: at a terminal the answer comes after it. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Unique and never guessed again: UUID version 7, so that rows sort by age. */
  readonly newId: () => string
  readonly compose: Composer
  readonly engine: SigningEngine
  readonly archiver: Archiver
  /** Null where no time-stamp authority is set. */
  readonly notary: Notary | null
  /** Reads stored files for the audit. */
  readonly inspectFile: InspectFile
  /** What time it is by the time-stamp authority, or null where it does not answer; left out where there is none. */
  readonly authorityTime?: (() => Promise<Date | null>) | undefined
  /** B-T; of a practice office B-B. */
  readonly leastLevel: LeastLevel
  /** For files under way; on the same disk as the blobs. */
  readonly workFolder: string
  readonly rules: OfficeRules
}

/** Parses outside input; the first wrong field is named in the error, its value never. @throws OfficeError input-invalid, character-refused */
export function parseInput<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') ?? ''
  const character = issue ? refusedCharacter(issue) : null
  if (character !== null) throw new OfficeError('character-refused', { field, character })
  throw new OfficeError('input-invalid', { field })
}

/** Reads a JSON column. What stands there was written by us, so a mismatch was made by another hand. @throws OfficeError row-unreadable */
export function fromJson<Value>(schema: z.ZodType<Value>, text: string): Value {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new OfficeError('row-unreadable', {}, { cause: error })
  }
}
