import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const LONGEST_MILLISECONDS = 60_000

/** Looks until there is something. @throws Error naming what was waited for, after a minute or when the program has ended */
export async function soon<Found>(
  what: string,
  desktop: ChildProcess | null,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  for (const end = performance.now() + LONGEST_MILLISECONDS; performance.now() < end; await pause(25)) {
    const found = await look()
    if (found !== undefined) return found
    const ended = desktop?.exitCode ?? desktop?.signalCode ?? null
    if (ended !== null) throw new Error(`the program ended with ${ended} before ${what}`)
  }
  throw new Error(`not within a minute: ${what}`)
}
