import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

/** Milliseconds of several runs of one thing. */
export interface Timing {
  readonly runs: number
  readonly minimum: number
  readonly median: number
  readonly maximum: number
}

const rounded = (value: number): number => Math.round(value * 100) / 100

export function timing(samples: readonly number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (index: number) => rounded(sorted[index] ?? Number.NaN)
  return {
    runs: sorted.length,
    minimum: at(0),
    median: at(Math.floor(sorted.length / 2)),
    maximum: at(sorted.length - 1),
  }
}

/** The median of the ratios a/b, pair by pair: what slows the machine for a while slows both of a pair. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return timing(a.map((milliseconds, index) => milliseconds / (b[index] ?? Number.NaN))).median
}

/** Reads a file to its end, so that the system has it in memory: nobody's time is to hold what another's memory has driven out. */
export const readThrough = (path: string): Promise<unknown> =>
  pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    new Writable({ write: (_piece, _encoding, next) => next() }),
  )

/** Waits until the system has written out what waits for it: nobody's time is to hold what another left behind. */
export const writtenOut = (): Promise<unknown> => promisify(execFile)('sync')

/**
 * Runs two things in turn, A B B A …, so that both meet the same machine; the first pair warms up and is not counted.
 * @param clear takes away what each leaves; not timed
 * @returns the timings and the median of the ratios A/B, pair by pair
 */
export async function sideBySide(
  runs: number,
  a: (run: number) => Promise<unknown>,
  b: (run: number) => Promise<unknown>,
  clear: () => Promise<unknown> = async () => undefined,
): Promise<{ readonly ours: Timing; readonly reference: Timing; readonly ratio: number }> {
  const ours = { work: a, samples: [] as number[] }
  const reference = { work: b, samples: [] as number[] }
  for (let run = 0; run <= runs; run += 1) {
    for (const { work, samples } of run % 2 === 0 ? [ours, reference] : [reference, ours]) {
      await clear()
      await writtenOut()
      const sample = await milliseconds(() => work(run))
      if (run > 0) samples.push(sample)
    }
  }
  return {
    ours: timing(ours.samples),
    reference: timing(reference.samples),
    ratio: ratio(ours.samples, reference.samples),
  }
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
