import type { Started } from './contestants.ts'
import { milliseconds, ratio, type Timing, timing } from './measure.ts'
import { forgetPeak, memoryOf } from './memory.ts'

export interface Runner extends Started {
  readonly name: string
}

/** How one program did one job. */
export interface Result {
  readonly program: string
  readonly timing: Timing | null
  /** Times the limit, measured beside it. */
  readonly toLimit: number | null
  /** Megabytes: the most during the job, and how much more that is than before. */
  readonly peakMemory: number | null
  readonly memoryGrowth: number | null
  readonly bytesAdded: number | null
  /** Why there is no time, or what else must be known. */
  readonly remark: string | null
}

export interface Race {
  readonly limit: Timing
  readonly results: readonly Result[]
}

/** What a program does in a race. */
export interface Job {
  /** Not timed. */
  before?(): Promise<unknown>
  work(): Promise<unknown>
  /** Not timed. */
  bytesAdded?(): Promise<number>
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 160)

/**
 * Lets all programs do their job in turn, several times, the limit before each turn, so that all meet the same machine.
 * @param runs that count; one more before them warms up where `warm`
 * @param jobOf what a program is to do, or in words why it cannot; a job that failed once is not tried again
 */
export async function race(
  runners: readonly Runner[],
  { runs, warm }: { readonly runs: number; readonly warm: boolean },
  limit: () => Promise<unknown>,
  jobOf: (runner: Runner) => Job | string,
): Promise<Race> {
  const lanes = runners.map(runner => {
    const { processId } = runner
    forgetPeak(processId)
    const before = memoryOf(processId)?.now ?? null
    return { runner, before, job: jobOf(runner), samples: [] as number[], bytesAdded: [] as number[] }
  })
  const limits: number[] = []
  for (let run = warm ? -1 : 0; run < runs; run++) {
    const limitSample = await milliseconds(limit)
    if (run >= 0) limits.push(limitSample)
    for (const lane of lanes) {
      if (typeof lane.job === 'string') continue
      try {
        await lane.job.before?.()
        const sample = await milliseconds(lane.job.work)
        if (run >= 0) lane.samples.push(sample)
        if (lane.job.bytesAdded) lane.bytesAdded.push(await lane.job.bytesAdded())
      } catch (error) {
        lane.job = problemOf(error)
      }
    }
  }
  const rounded = (value: number | null) => (value === null ? null : Math.round(value))
  const results = lanes.map(({ runner, before, job, samples, bytesAdded }): Result => {
    const failed = typeof job === 'string'
    const peak = failed ? null : runner.peak()
    return {
      program: runner.name,
      timing: failed ? null : timing(samples),
      toLimit: failed ? null : ratio(samples, limits),
      peakMemory: rounded(peak),
      memoryGrowth: rounded(peak === null || before === null ? null : peak - before),
      bytesAdded: bytesAdded.at(-1) ?? null,
      remark: failed ? job : null,
    }
  })
  return { limit: timing(limits), results }
}
