import { isAuthoritySilent, isTokenFault } from '../errors.ts'
import type { SignatureRequest, SignatureValue, ToBeSigned, TokenSession } from '../types.ts'
import { type CompleteOptions, completeSignature, type SignedFile } from './complete.ts'
import { completeLongTerm, type LongTermOptions } from './complete-long-term.ts'
import { discard } from './files.ts'
import { type Begun, overlapping } from './overlapping.ts'
import { prepareSignature } from './prepare.ts'
import { signWithToken } from './token-signature.ts'

/** One file of a batch. */
export interface BatchFile {
  readonly input: string
  readonly request: SignatureRequest
  /** As in `PrepareOptions`; another one for each file. */
  readonly workFile: string
  readonly output: string
}

export type BatchOutcome =
  | { readonly result: 'done'; readonly file: BatchFile; readonly signed: Omit<SignedFile, 'kind'> }
  | { readonly result: 'failed'; readonly file: BatchFile; readonly error: unknown }
  | { readonly result: 'not-tried'; readonly file: BatchFile }

export interface BatchOptions extends Omit<CompleteOptions, 'output'> {
  /** Lifts each file to B-LT or B-LTA. */
  readonly longTerm?: Pick<LongTermOptions, 'level' | 'timestamper' | 'trust' | 'fetcher' | 'perSignature'>
}

/** Files that wait for their time-stamps or for the disk while the token goes on. */
const COMPLETING = 4

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

const attempt = <T>(work: Promise<T>): Promise<Attempt<T>> =>
  work.then(
    value => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  )

/**
 * Signs files one after another with one session. While the token works on one, the next is prepared and those before are completed, so
 * that the token seldom waits. The fault of a file is that file's; one of the token, or a time-stamp authority that does not answer, ends the
 * batch. What fails is as it was and leaves no work file: where a time-stamp did not come, the file is to be signed anew.
 */
export function signBatch(
  files: readonly BatchFile[],
  session: TokenSession,
  options: BatchOptions,
): AsyncGenerator<BatchOutcome> {
  return overlapping(signEach(files, session, options), COMPLETING)
}

async function* signEach(
  files: readonly BatchFile[],
  session: TokenSession,
  { longTerm, ...given }: BatchOptions,
): AsyncGenerator<Begun<BatchOutcome>> {
  const options = { ...given, timestamper: longTerm?.timestamper ?? given.timestamper }
  const prepare = ({ input, request, workFile }: BatchFile): Promise<Attempt<ToBeSigned>> => {
    const timestampBytes = options.timestamper ? options.timestamper.expectedBytes?.() : 0
    return attempt(prepareSignature(input, request, { workFile, timestampBytes, password: options.password }))
  }
  let ended = false
  const complete = async (file: BatchFile, toBeSigned: ToBeSigned, value: SignatureValue): Promise<BatchOutcome> => {
    const { output } = file
    const signed = await attempt<Omit<SignedFile, 'kind'>>(
      longTerm
        ? completeLongTerm(toBeSigned, value, { ...options, ...longTerm, output })
        : completeSignature(toBeSigned, value, { ...options, output }),
    )
    if (signed.ok) return { result: 'done', file, signed: signed.value }
    await discard(file.workFile)
    ended ||= isAuthoritySilent(signed.error)
    return { result: 'failed', file, error: signed.error }
  }
  let preparing: Promise<Attempt<ToBeSigned>> | null = null
  try {
    for (const [index, file] of files.entries()) {
      let outcome: BatchOutcome | Promise<BatchOutcome> = { result: 'not-tried', file }
      if (!ended && !options.signal?.aborted) {
        const prepared: Attempt<ToBeSigned> = await (preparing ?? prepare(file))
        const following = files[index + 1]
        preparing = following ? prepare(following) : null
        const value = prepared.ok ? await attempt(signWithToken(prepared.value, session)) : prepared
        if (prepared.ok && value.ok) outcome = complete(file, prepared.value, value.value)
        else if (!value.ok) outcome = { result: 'failed', file, error: value.error }
        if (prepared.ok && !value.ok) await discard(file.workFile)
        ended ||= !value.ok && isTokenFault(value.error)
      }
      yield { result: Promise.resolve(outcome) }
    }
  } finally {
    const unused = await preparing
    if (unused?.ok) await discard(unused.value.workFile)
  }
}
