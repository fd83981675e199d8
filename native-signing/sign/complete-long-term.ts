import { randomUUID } from 'node:crypto'
import { SigningError } from '../errors.ts'
import type { TrustSettings } from '../trust/chain.ts'
import type { SignatureValue, Timestamper, ToBeSigned } from '../types.ts'
import { type CompleteOptions, completeSignature } from './complete.ts'
import { type ExtendedFile, type ExtendOptions, extendPdf } from './extend.ts'
import { discard, exists } from './files.ts'

export interface LongTermOptions extends CompleteOptions, Pick<ExtendOptions, 'fetcher' | 'perSignature'> {
  readonly level: 'B-LT' | 'B-LTA'
  readonly timestamper: Timestamper
  readonly trust: TrustSettings
}

/**
 * Third stage for the levels that outlive certificates: a signature of level B-T, lifted in the same go. The output appears with the level
 * asked for or not at all.
 * @throws SigningError as `completeSignature` and `extendPdf`
 */
export async function completeLongTerm(
  toBeSigned: ToBeSigned,
  value: SignatureValue,
  options: LongTermOptions,
): Promise<ExtendedFile> {
  const { output, now } = options
  if (exists(output)) throw new SigningError('file-exists')
  const signed = `${output}.${randomUUID()}.signed`
  try {
    await completeSignature(toBeSigned, value, { ...options, output: signed })
    return await extendPdf(signed, { ...options, ...(now ? { clock: () => now } : {}) })
  } finally {
    await discard(signed)
  }
}
