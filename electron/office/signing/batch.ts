import { isAuthoritySilent, isTokenFault } from '../../../native-signing/errors.ts'
import { chooseAlgorithm } from '../../../native-signing/sign/algorithm-choice.ts'
import { type Begun, overlapping } from '../../../native-signing/sign/overlapping.ts'
import { signWithToken } from '../../../native-signing/sign/token-signature.ts'
import type { Certificate, TokenSession } from '../../../native-signing/types.ts'
import type { SigningService } from '../service.ts'
import type { Actor, CopyRef, CopyView } from '../types.ts'

/** Which of the two signatures: the authorised person's, or the organisation's. */
export type SignatureKind = 'signature' | 'seal'

export type BatchOutcome =
  | { readonly copyId: string; readonly result: 'done'; readonly copy: CopyView }
  | { readonly copyId: string; readonly result: 'failed'; readonly error: unknown }
  | { readonly copyId: string; readonly result: 'not-tried' }

/** One person, one token, one kind of signature. */
export interface BatchParts {
  readonly signing: SigningService
  readonly actor: Actor
  readonly kind: SignatureKind
  readonly session: TokenSession
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  readonly clock: () => Date
}

/** Copies that wait for their time-stamps while the next are signed. */
const COMPLETING = 4

/**
 * Signs (or seals) many copies with one token session, in the given order; while one waits for its time-stamp, the next are signed. A fault
 * of one file leaves that file as it was and goes on; a fault of the token, or an authority that does not answer, ends it. Every copy is either done whole or untouched, and
 * the outcome says which.
 * @throws SigningError mechanism-not-supported, algorithm-too-weak, before anything was touched
 */
export function signBatch(
  parts: BatchParts,
  copies: readonly CopyRef[],
  signal?: AbortSignal,
): AsyncGenerator<BatchOutcome> {
  return overlapping(signEach(parts, copies, signal), COMPLETING)
}

async function* signEach(
  { signing, actor, kind, session, certificate, chain, clock }: BatchParts,
  copies: readonly CopyRef[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Begun<BatchOutcome>> {
  const algorithm = chooseAlgorithm(certificate, session.schemes(certificate.sha256), clock())
  const choice = { certificate, chain, ...algorithm }
  const isSignature = kind === 'signature'
  let ended = false
  const failed = (copy: CopyRef, error: unknown): BatchOutcome => {
    ended ||= isTokenFault(error) || isAuthoritySilent(error)
    return { copyId: copy.id, result: 'failed', error }
  }
  const begin = async (copy: CopyRef): Promise<Begun<BatchOutcome>> => {
    try {
      const prepared = await (isSignature
        ? signing.prepareSignature(actor, copy, choice)
        : signing.prepareSeal(actor, copy, choice))
      const value = await signWithToken(prepared.toBeSigned, session)
      const completing = isSignature
        ? signing.completeSignature(actor, prepared, value, signal)
        : signing.completeSeal(actor, prepared, value, signal)
      return {
        result: completing.then(
          done => ({ copyId: copy.id, result: 'done', copy: done }),
          (error: unknown) => failed(copy, error),
        ),
      }
    } catch (error) {
      return { result: Promise.resolve(failed(copy, error)) }
    }
  }
  for (const copy of copies) {
    if (ended || signal?.aborted) yield { result: Promise.resolve({ copyId: copy.id, result: 'not-tried' }) }
    else yield await begin(copy)
  }
}
