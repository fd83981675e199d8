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
  /** Not timed. */
  after?(): Promise<unknown>
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 160)

/** How often, and what is done before each time, not timed. */
export interface Turns {
  /** Those that count. */
  readonly runs: number
  /** One more before them. */
  readonly warm: boolean
  /** Brings the machine to rest. */
  settle(): Promise<unknown>
}

interface Lane {
  job: Job | string
  readonly samples: number[]
  readonly bytesAdded: number[]
}

const laneOf = (job: Job | string): Lane => ({ job, samples: [], bytesAdded: [] })

/**
 * Lets all programs and the limit do their job in turn, several times, each turn begun by another, so that all meet the same machine.
 * @param jobOf what a program is to do, or in words why it cannot; a job that failed once is not tried again
 * @throws whatever the limit throws: nothing can be said without it
 */
export async function race(
  runners: readonly Runner[],
  { runs, warm, settle }: Turns,
  limit: Job,
  jobOf: (runner: Runner) => Job | string,
): Promise<Race> {
  const measure = async ({ before, work, bytesAdded, after }: Job, lane: Lane, counts: boolean) => {
    await before?.()
    await settle()
    const sample = await milliseconds(work)
    if (counts) lane.samples.push(sample)
    if (bytesAdded) lane.bytesAdded.push(await bytesAdded())
    await after?.()
  }
  const programs = runners.map(runner => {
    const { processId } = runner
    forgetPeak(processId)
    return { runner, before: memoryOf(processId)?.now ?? null, lane: laneOf(jobOf(runner)) }
  })
  const limits = laneOf(limit)
  const lanes = [limits, ...programs.map(({ lane }) => lane)]
  for (let run = warm ? -1 : 0; run < runs; run++) {
    const first = (run + lanes.length) % lanes.length
    for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      if (typeof lane.job === 'string') continue
      try {
        await measure(lane.job, lane, run >= 0)
      } catch (error) {
        if (lane === limits) throw error
        lane.job = problemOf(error)
      }
    }
  }
  const rounded = (value: number | null) => (value === null ? null : Math.round(value))
  const results = programs.map(({ runner, before, lane: { job, samples, bytesAdded } }): Result => {
    const failed = typeof job === 'string'
    const peak = failed ? null : runner.peak()
    return {
      program: runner.name,
      timing: failed ? null : timing(samples),
      toLimit: failed ? null : ratio(samples, limits.samples),
      peakMemory: rounded(peak),
      memoryGrowth: rounded(peak === null || before === null ? null : peak - before),
      bytesAdded: bytesAdded.at(-1) ?? null,
      remark: failed ? job : null,
    }
  })
  return { limit: timing(limits.samples), results }
}
