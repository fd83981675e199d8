import { randomBytes } from 'node:crypto'
import { SigningError } from '../errors.ts'
import type { Timestamper } from '../types.ts'
import { parseTimestampToken } from './timestamp-token.ts'

/**
 * What time it is by a time-stamp authority: the time of a token over a number nobody knows. A word to compare a clock with, not a proof.
 * @throws SigningError timestamp-unavailable, timestamp-refused, timestamp-invalid
 */
export async function authorityTime(timestamper: Timestamper): Promise<Date> {
  const token = parseTimestampToken(await timestamper.stamp(randomBytes(32), 'SHA-256'))
  if (!token) throw new SigningError('timestamp-invalid')
  return token.time
}
