import { setTimeout as pause } from 'node:timers/promises'
import { startProcess } from './processes.ts'
import type { Folders } from './world.ts'

/** A killed program's lease on a delivery runs for two minutes; nothing else takes nearly as long. */
const LONGEST_MS = 10 * 60_000

/** Lets an office finish what is begun. @returns what is wrong */
export async function finish(
  office: string,
  { root }: Folders,
  seed: number,
  ...flags: readonly string[]
): Promise<readonly string[]> {
  const worker = startProcess('worker.ts', [office, root, String(seed), '--finish', ...flags])
  const late = new AbortController()
  await Promise.race([worker.end, pause(LONGEST_MS, undefined, { signal: late.signal }).catch(() => undefined)])
  late.abort()
  if (!worker.ended) {
    await worker.kill()
    return ['the office does not come to an end']
  }
  const status = await worker.end
  return status === 0 ? [] : [`finishing ended with ${status}: ${worker.output().slice(-600)}`]
}
