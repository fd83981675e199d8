import { rm } from 'node:fs/promises'
import { isTokenFault } from '../errors.ts'
import type { SignatureRequest, SignatureValue, ToBeSigned, TokenSession } from '../types.ts'
import { type CompleteOptions, completeSignature, type SignedFile } from './complete.ts'
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
  | { readonly result: 'done'; readonly file: BatchFile; readonly signed: SignedFile }
  | { readonly result: 'failed'; readonly file: BatchFile; readonly error: unknown }
  | { readonly result: 'not-tried'; readonly file: BatchFile }

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

const attempt = <T>(work: Promise<T>): Promise<Attempt<T>> =>
  work.then(
    value => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  )

/**
 * Signs files one after another with one session. While the token works on one, the next is prepared and the one before is completed, so
 * that the token seldom waits. The fault of a file is that file's; one of the token ends the batch, and what was not signed is as it was.
 */
export async function* signBatch(
  files: readonly BatchFile[],
  session: TokenSession,
  options: Omit<CompleteOptions, 'output'>,
): AsyncGenerator<BatchOutcome> {
  const prepare = ({ input, request, workFile }: BatchFile): Promise<Attempt<ToBeSigned>> => {
    const timestampBytes = options.timestamper ? options.timestamper.expectedBytes?.() : 0
    return attempt(prepareSignature(input, request, { workFile, timestampBytes }))
  }
  const complete = async (file: BatchFile, toBeSigned: ToBeSigned, value: SignatureValue): Promise<BatchOutcome> => {
    const signed = await attempt(completeSignature(toBeSigned, value, { ...options, output: file.output }))
    return signed.ok ? { result: 'done', file, signed: signed.value } : { result: 'failed', file, error: signed.error }
  }
  let preparing: Promise<Attempt<ToBeSigned>> | null = null
  let completing: Promise<BatchOutcome> | null = null
  let ended = false
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
        if (!value.ok) await rm(file.workFile, { force: true })
        ended = !value.ok && isTokenFault(value.error)
      }
      if (completing) yield await completing
      completing = Promise.resolve(outcome)
    }
    if (completing) yield await completing
  } finally {
    await completing
    const unused = await preparing
    if (unused?.ok) await rm(unused.value.workFile, { force: true })
  }
}
