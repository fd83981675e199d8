/**
 * The office at work, to be killed at any moment: it looks at what is there, as people do when they come back to their desks, and goes on.
 * With `--finish` it ends when nothing waits any more, after so many new requests; with `--closed` the portal is not reached.
 *
 *   node tests/crash/worker.ts OFFICE WORLD SEED [--finish] [--requests=N] [--closed]
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { openDesk } from '../../electron/desk.ts'
import { keepToOneself } from '../../electron/own-folder.ts'
import { Random } from '../fuzz/random.ts'
import { anythingWaits, bearing, type Day, receiveRequest, workOnce } from './day.ts'
import { Journal } from './journal.ts'
import { foldersOf } from './world.ts'

const [office, world, seed, ...flags] = z
  .tuple([z.string(), z.string(), z.coerce.number()], z.string())
  .parse(process.argv.slice(2))
const folders = foldersOf(world)
const finishing = flags.includes('--finish')
let requests = Number(flags.find(flag => flag.startsWith('--requests='))?.split('=')[1] ?? 0)

/** Short waits: a killed process's lease and the portal's silence must not stretch the test; what they guard against is the same. */
const IMPATIENT = { leaseMs: 2000, backoff: () => 300, limit: 4 } as const

keepToOneself()
process.once('disconnect', () => process.exit())
using journal = new Journal(folders.journals, finishing ? 'finisher' : 'worker')
let done = false
while (!done) {
  await bearing(journal, 'open', async () => {
    const desk = await openDesk(office)
    try {
      const day: Day = {
        ...{ desk, journal, chance: new Random(seed), pages: folders.pages },
        busy: !finishing,
        deliver: flags.includes('--closed') ? null : () => desk.deliver(IMPATIENT),
        backup: () => desk.backup(folders.backups),
      }
      for (; requests > 0; requests -= 1) await receiveRequest(day)
      while (!finishing || (await anythingWaits(day))) {
        await workOnce(day)
        await pause(50)
      }
      done = true
    } finally {
      await desk.close()
    }
  })
  if (!done) await pause(200)
}
// the parent's end would be waited for
process.disconnect?.()
