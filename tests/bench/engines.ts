import { existsSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { drawSignature } from '../../electron/sandbox/papers.ts'
import type { MissingPeer } from '../peers/types.ts'
import { createWorld } from '../peers/world.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { type BatchBench, benchBatch } from './batch.ts'
import { type Contestant, contestants, whoIsHere } from './contestants.ts'
import { readThrough, writtenOut } from './measure.ts'
import { type OurEngine, startOurs } from './ours.ts'
import { type Job, type Race, type Runner, race, type Turns } from './race.ts'
import { benchToken, type TokenBench } from './real-token.ts'
import { SCANS, type Scan, scanMaker } from './scans.ts'
import { sizeTables } from './table.ts'

export interface EngineBench {
  /** Programs that cannot be had on this machine. */
  readonly missing: readonly MissingPeer[]
  /** Milliseconds from the start of the process until it has signed a file of 1 MB. */
  readonly starts: Readonly<Record<string, number>>
  readonly sizes: readonly SizeBench[]
  readonly batch: BatchBench | null
  readonly token: TokenBench | null
}

export interface SizeBench extends Scan {
  readonly sign: Race
  readonly signAgain: Race
  readonly verify: Race
}

export interface EngineOptions {
  /** Megabytes of the files, of those in `SCANS`. */
  readonly sizes: readonly number[]
  /** Timed turns; by size where null. */
  readonly runs: number | null
  /** None where 0. */
  readonly batchFiles: number
  say(line: string): void
}

export interface Contest {
  readonly folder: TemporaryFolder
  readonly here: readonly Contestant[]
  /** Measures the limits. */
  readonly ours: OurEngine
  /** One page, 1 MB. */
  readonly small: string
}

/** Small files before all else, each signed twice, as most programs grow quick only with use. */
const WARMING = 20

/** All programs side by side: sign, sign again, verify, and a batch. */
export async function benchEngines({ sizes, runs, batchFiles, say }: EngineOptions): Promise<EngineBench> {
  using folder = temporaryFolder('bench-engines-')
  await using world = await createWorld(folder)
  await using ours = startOurs(world.signers.RSA.files, world.trust, null)
  const make = await scanMaker(folder)
  const small = folder.file('small.pdf')
  await make({ megabytes: 1, pages: 1 }, small)
  const image = folder.file('mark.png')
  await writeFile(image, await drawSignature('Nguyễn Văn An (mẫu)', 7))
  const { here, missing } = await whoIsHere(contestants(world, image))
  for (const { name, missing: reason } of missing) say(`${name}: not available here: ${reason}`)
  const contest = { folder, here, ours, small }
  const benched: SizeBench[] = []
  const starts: Record<string, number> = {}
  for (const scan of SCANS.filter(({ megabytes }) => sizes.includes(megabytes))) {
    say(`${scan.megabytes} MB: sign, sign again, verify`)
    const input = folder.file('input.pdf')
    await make(scan, input)
    const turns = { runs: runs ?? usualRuns(scan), warm: scan.megabytes < 500, settle: writtenOut }
    const results = { ...scan, ...(await benchSize(contest, input, turns, starts)) }
    say(`\n${sizeTables(results)}\n`)
    benched.push(results)
  }
  const token = sizes.includes(1) ? await benchToken(contest, say) : null
  if (batchFiles > 0) say(`a batch of ${batchFiles}`)
  const batch = batchFiles > 0 ? await benchBatch(contest, batchFiles) : null
  return { missing, starts, sizes: benched, batch, token }
}

const usualRuns = ({ megabytes }: Scan): number => (megabytes < 50 ? 15 : megabytes < 500 ? 5 : 1)

const outputOf = ({ folder }: Contest, name: string, kind: string): string =>
  folder.file(`${name.replaceAll(/\W+/g, '-')}-${kind}.pdf`)

/** Starts a program and lets it sign and sign again small files until it has shown what it can. */
export async function startWarm(
  contest: Contest,
  { name, start }: Contestant,
): Promise<Runner & { firstAfter: number }> {
  const [once, twice] = [outputOf(contest, name, 'small'), outputOf(contest, name, 'small-twice')]
  const begin = performance.now()
  await using parts = new AsyncDisposableStack()
  const started = parts.use(await start())
  const sign = async () => {
    await rm(once, { force: true })
    await started.sign({ input: contest.small, output: once, field: 'First' })
  }
  try {
    await sign()
    const firstAfter = Math.round(performance.now() - begin)
    for (let time = 0; time < WARMING; time++) {
      await sign()
      await started.sign({ input: once, output: twice, field: 'Second' })
      await rm(twice)
    }
    await rm(once)
    parts.move()
    return { ...started, name, firstAfter }
  } catch (error) {
    throw new Error(`${name} cannot sign a small file`, { cause: error })
  }
}

async function benchSize(
  contest: Contest,
  input: string,
  turns: Turns,
  starts: Record<string, number>,
): Promise<Pick<SizeBench, 'sign' | 'signAgain' | 'verify'>> {
  await using stack = new AsyncDisposableStack()
  const runners: Runner[] = []
  for (const contestant of contest.here) {
    const runner = stack.use(await startWarm(contest, contestant))
    starts[contestant.name] ??= runner.firstAfter
    runners.push(runner)
  }
  const copy = contest.folder.file('limit.pdf')
  const limit: Job = {
    before: () => Promise.all([rm(copy, { force: true }), readThrough(input)]),
    work: () => contest.ours.limit(input, copy),
  }
  const once = ({ name }: Runner) => outputOf(contest, name, 'once')
  const twice = ({ name }: Pick<Runner, 'name'>) => outputOf(contest, name, 'twice')
  const signing = (source: string, output: string, field: string, { sign }: Runner): Job => ({
    before: () => Promise.all([rm(output, { force: true }), readThrough(source)]),
    work: () => sign({ input: source, output, field }),
    bytesAdded: async () => (await stat(output)).size - (await stat(source)).size,
  })
  // all judge the same file, the one that we signed twice
  const file = twice({ name: 'ours' })
  const clear = async (path: string) => {
    if (path !== file) await rm(path)
  }
  const sign = await race(runners, turns, limit, runner => signing(input, once(runner), 'First', runner))
  const signAgain = await race(runners, turns, limit, runner =>
    existsSync(once(runner))
      ? { ...signing(once(runner), twice(runner), 'Second', runner), after: () => clear(twice(runner)) }
      : 'no file with a first signature',
  )
  const verify = await race(runners, turns, limit, ({ name, verify: judge }) => {
    if (!judge || name === 'ours, visible mark') return 'does not verify'
    return {
      before: () => readThrough(file),
      work: async () => {
        if (!(await judge(file))) throw new Error('does not find it valid')
      },
    }
  })
  for (const path of [copy, ...runners.flatMap(each => [once(each), twice(each)])]) await rm(path, { force: true })
  return { sign, signAgain, verify }
}
