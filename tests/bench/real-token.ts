import { rm } from 'node:fs/promises'
import type { Contest } from './engines.ts'
import { sideBySide } from './measure.ts'

type Comparison = Awaited<ReturnType<typeof sideBySide>>

/** Ours beside the limit where the operation of the key takes what a token takes: the key from a file, which the races have, is no token. */
export interface TokenBench {
  readonly tokenMilliseconds: number
  readonly sign: Comparison
  readonly signAgain: Comparison
}

/** A quick token; most take several times as long. */
const TOKEN_MILLISECONDS = 50
const RUNS = 15

/** One file of 1 MB, signed once and again behind a token. */
export async function benchToken({ folder, ours, small }: Contest, say: (line: string) => void): Promise<TokenBench> {
  const [once, twice, copy] = [folder.file('token-once.pdf'), folder.file('token-twice.pdf'), folder.file('limit.pdf')]
  say('1 MB behind a token')
  const compare = (input: string, output: string, field: string) =>
    sideBySide(
      RUNS,
      async () => {
        await ours.signBehind(TOKEN_MILLISECONDS, { input, output, field })
      },
      () => ours.limit(input, copy, TOKEN_MILLISECONDS),
      () => Promise.all([output, copy].map(path => rm(path, { force: true }))),
    )
  const sign = await compare(small, once, 'First')
  await rm(once, { force: true })
  await ours.signBehind(0, { input: small, output: once, field: 'First' })
  const signAgain = await compare(once, twice, 'Second')
  await Promise.all([once, twice, copy].map(path => rm(path, { force: true })))
  return { tokenMilliseconds: TOKEN_MILLISECONDS, sign, signAgain }
}
