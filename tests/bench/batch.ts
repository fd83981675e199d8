import { rm } from 'node:fs/promises'
import { type Contest, startWarm } from './engines.ts'
import { milliseconds, writtenOut } from './measure.ts'

export interface BatchBench {
  readonly files: number
  /** Files a second, one process, the key opened once; under `limit` the rate of copy + hash + key. */
  readonly filesPerSecond: Readonly<Record<string, number>>
  /** Why a program has no rate. */
  readonly remarks: Readonly<Record<string, string>>
  /** Behind a token that takes its time: signatures a second of the token alone, of a batch of files, and what part of the token's rate that is. */
  readonly slowToken: {
    readonly milliseconds: number
    readonly bare: number
    readonly batch: number
    readonly share: number
  }
}

const SLOW_TOKEN_MILLISECONDS = 50
const SLOW_TOKEN_FILES = 100

const rounded = (value: number): number => Math.round(value * 100) / 100

/** Many files of one page, 1 MB, each to a file of its own. */
export async function benchBatch(contest: Contest, files: number): Promise<BatchBench> {
  const { folder, here, ours, small } = contest
  const rate = async (count: number, work: () => Promise<unknown>) => {
    await writtenOut()
    return rounded((count * 1000) / (await milliseconds(work)))
  }
  const outputs = (count: number) => Array.from({ length: count }, (_, index) => folder.file(`batch-${index}.pdf`))
  const batch = (count: number, tokenMilliseconds: number) => async () => {
    const inputs = Array.from({ length: count }, () => small)
    const done = await ours.batch(inputs, outputs(count), tokenMilliseconds)
    if (done !== count) throw new Error(`${done} of ${count} files signed`)
  }
  const filesPerSecond: Record<string, number> = {}
  const remarks: Record<string, string> = {}
  await batch(20, 0)()
  filesPerSecond['limit'] = await rate(files, async () => {
    for (const output of outputs(files)) {
      await ours.limit(small, output)
      await rm(output)
    }
  })
  for (const contestant of here.filter(({ name }) => name !== 'ours, visible mark')) {
    await using program = await startWarm(contest, contestant)
    const oneByOne = async () => {
      for (const output of outputs(files)) {
        await program.sign({ input: small, output, field: 'First' })
        await rm(output)
      }
    }
    try {
      filesPerSecond[contestant.name] = await rate(files, contestant.name === 'ours' ? batch(files, 0) : oneByOne)
    } catch (error) {
      remarks[contestant.name] = String(error)
    }
  }
  const bare = await rate(SLOW_TOKEN_FILES, () => ours.token(SLOW_TOKEN_FILES, SLOW_TOKEN_MILLISECONDS))
  const slow = await rate(SLOW_TOKEN_FILES, batch(SLOW_TOKEN_FILES, SLOW_TOKEN_MILLISECONDS))
  const slowToken = { milliseconds: SLOW_TOKEN_MILLISECONDS, bare, batch: slow, share: rounded(slow / bare) }
  return { files, filesPerSecond, remarks, slowToken }
}
