import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { Helper } from '../peers/helper.ts'
import type { RunProgram } from '../peers/poppler.ts'

const MEGABYTE = 1_000_000

/** Memory of a process, megabytes: what it has now, and the most since it started or the peak was last forgotten. */
export interface Memory {
  readonly now: number
  readonly peak: number
}

/** Reads /proc; null where the process or the system tells nothing. */
export function memoryOf(processId: number | undefined): Memory | null {
  if (processId === undefined) return null
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'latin1')
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
    return { now: (kilobytes('VmRSS') * 1024) / MEGABYTE, peak: (kilobytes('VmHWM') * 1024) / MEGABYTE }
  } catch {
    // it has ended, or this is no Linux
    return null
  }
}

/** Lets the peak begin anew (proc(5), clear_refs 5). */
export function forgetPeak(processId: number | undefined): void {
  try {
    if (processId !== undefined) writeFileSync(`/proc/${processId}/clear_refs`, '5')
  } catch {
    // the peak is then that since the start, which is never too small
  }
}

const usageSchema = z.object({ stdout: z.string(), status: z.number(), kilobytes: z.number() })

/** Runs short-lived programs and keeps the largest memory of any of them. */
export class ProgramRunner implements AsyncDisposable {
  readonly #helper = new Helper('python3', [`${import.meta.dirname}/run-program.py`])
  peak = 0

  readonly run: RunProgram = async (command, args) => {
    const { stdout, status, kilobytes } = usageSchema.parse(await this.#helper.ask({ arguments: [command, ...args] }))
    this.peak = Math.max(this.peak, (kilobytes * 1024) / MEGABYTE)
    if (status !== 0) throw new Error(`${command} ended with ${status}`)
    return { stdout }
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.#helper[Symbol.asyncDispose]()
  }
}
