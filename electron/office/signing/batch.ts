import { isTokenFault } from '../../../native-signing/errors.ts'
import { chooseAlgorithm } from '../../../native-signing/sign/algorithm-choice.ts'
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

/**
 * Signs (or seals) many copies with one token session, in the given order. A fault of one file leaves that file as it was and goes on; a
 * fault of the token ends the batch. Every copy is either done whole or untouched, and the outcome says which.
 * @throws SigningError mechanism-not-supported, algorithm-too-weak, before anything was touched
 */
export async function* signBatch(
  { signing, actor, kind, session, certificate, chain, clock }: BatchParts,
  copies: readonly CopyRef[],
  signal?: AbortSignal,
): AsyncGenerator<BatchOutcome> {
  const algorithm = chooseAlgorithm(certificate, session.schemes(certificate.sha256), clock())
  const choice = { certificate, chain, ...algorithm }
  let ended = false
  for (const copy of copies) {
    if (ended || signal?.aborted) {
      yield { copyId: copy.id, result: 'not-tried' }
      continue
    }
    let outcome: BatchOutcome
    try {
      const prepared = await (kind === 'signature'
        ? signing.prepareSignature(actor, copy, choice)
        : signing.prepareSeal(actor, copy, choice))
      const value = await signWithToken(prepared.toBeSigned, session)
      const done = await (kind === 'signature'
        ? signing.completeSignature(actor, prepared, value)
        : signing.completeSeal(actor, prepared, value))
      outcome = { copyId: copy.id, result: 'done', copy: done }
    } catch (error) {
      ended = isTokenFault(error)
      outcome = { copyId: copy.id, result: 'failed', error }
    }
    yield outcome
  }
}
