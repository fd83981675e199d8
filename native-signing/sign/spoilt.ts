import { SigningError } from '../errors.ts'
import type { SignatureInFile } from '../verify/facts.ts'
import { isSpoilt } from '../verify/judge.ts'

/**
 * A signature over a spoilt one would only lend it weight, and the finished file would fail our own check anyway.
 * @throws SigningError earlier-signature-broken
 */
export function refuseSpoilt(signatures: readonly SignatureInFile[]): void {
  const spoilt = signatures.find(isSpoilt)
  if (spoilt) throw new SigningError('earlier-signature-broken', { field: spoilt.located.field })
}
