import type { SignatureVerdict } from '../../../native-signing/types.ts'
import { OfficeError } from '../errors.ts'
import type { SigningEngine } from './engine.ts'

/** What a signature of the office must prove at least: who signed (B-B, for practice alone), or also when (B-T). ETSI EN 319 142-1 §6. */
export type LeastLevel = 'B-B' | 'B-T'

/** Asked before a number is taken or a PIN typed. @throws OfficeError timestamp-not-set */
export function requireTimestamps(leastLevel: LeastLevel, engine: Pick<SigningEngine, 'timestamps'>): void {
  if (leastLevel !== 'B-B' && !engine.timestamps) throw new OfficeError('timestamp-not-set')
}

/** Asked of the finished file. @throws OfficeError timestamp-missing */
export function requireLevel({ level, provenTime, field }: SignatureVerdict, leastLevel: LeastLevel): void {
  if (leastLevel === 'B-B') return
  if (level === null || level === 'B-B' || provenTime === null) throw new OfficeError('timestamp-missing', { field })
}
