import { setTimeout as wait } from 'node:timers/promises'
import { vietnamDay } from '../api/vietnam-day.ts'

export interface BackupRoundParts {
  /** Where to; null: nowhere. */
  readonly place: string | null
  readonly make: (place: string, signal: AbortSignal) => Promise<unknown>
  readonly lastGood: () => Promise<Date | null>
  readonly clock: () => Date
  /** Something is different to see: one has begun, or ended. */
  readonly changed: () => void
  readonly onFault: (error: unknown) => void
  /** Milliseconds between two looks whether today's backup is due. */
  readonly every: number
  /** Milliseconds to wait at the start: not while the window comes up. */
  readonly settle: number
}

export interface BackupRounds extends AsyncDisposable {
  readonly underWay: boolean
  /** Why the last one failed; null after a good one. */
  readonly problem: unknown
  /** Makes one now, or waits for the one under way. @throws what making it throws */
  now(): Promise<void>
}

/** Backs up by itself once a day; where that fails, again at each look. One at a time. */
export function startBackupRounds(parts: BackupRoundParts): BackupRounds {
  const { place, make, lastGood, clock, changed, onFault, every, settle } = parts
  const stop = new AbortController()
  let running: Promise<void> | null = null
  let problem: unknown = null

  const run = async (to: string): Promise<void> => {
    changed()
    try {
      await make(to, stop.signal)
      problem = null
    } catch (error) {
      problem = error
      throw error
    } finally {
      running = null
      changed()
    }
  }
  const now = async (): Promise<void> => {
    if (place === null) return
    running ??= run(place)
    await running
  }
  const isDue = async (): Promise<boolean> => {
    const last = await lastGood()
    return last === null || vietnamDay(last) !== vietnamDay(clock())
  }
  const rounds = async (): Promise<void> => {
    for (let pause = settle; await sleep(pause, stop.signal); pause = every) {
      try {
        if (await isDue()) await now()
      } catch (error) {
        if (!stop.signal.aborted) onFault(error)
      }
    }
  }
  const done = place === null ? null : rounds()
  return {
    get underWay() {
      return running !== null
    },
    get problem() {
      return problem
    },
    now,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await done
      // one that somebody asked for tells its own end
      await running?.catch(() => undefined)
    },
  }
}

/** @returns false when it was ended before */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(milliseconds, undefined, { signal, ref: false })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
