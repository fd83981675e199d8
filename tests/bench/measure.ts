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

/**
 * Runs two things in turn, A B A B …, so that both meet the same machine; the first pair warms up and is not counted.
 * @returns the timings and the median of the ratios A/B, pair by pair
 */
export async function sideBySide(
  runs: number,
  a: (run: number) => Promise<unknown>,
  b: (run: number) => Promise<unknown>,
): Promise<{ readonly ours: Timing; readonly reference: Timing; readonly ratio: number }> {
  const ours: number[] = []
  const reference: number[] = []
  for (let run = -1; run < runs; run += 1) {
    const first = await milliseconds(() => a(run + 1))
    const second = await milliseconds(() => b(run + 1))
    if (run < 0) continue
    ours.push(first)
    reference.push(second)
  }
  return { ours: timing(ours), reference: timing(reference), ratio: ratio(ours, reference) }
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
