/** Milliseconds of several runs of one thing. */
export interface Timing {
  readonly runs: number
  readonly minimum: number
  readonly median: number
  readonly maximum: number
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100

function timing(samples: readonly number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (index: number) => rounded(sorted[index] ?? Number.NaN)
  return {
    runs: sorted.length,
    minimum: at(0),
    median: at(Math.floor(sorted.length / 2)),
    maximum: at(sorted.length - 1),
  }
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
  const ratios = ours.map((ms, index) => ms / (reference[index] ?? Number.NaN))
  return { ours: timing(ours), reference: timing(reference), ratio: timing(ratios).median }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
