/**
 * The program as it runs behind its window, with its delivery rounds and its backup, to be killed at any moment:
 *
 *   node tests/crash/program.ts OFFICE WORLD SEED
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { keepToOneself } from '../../electron/own-folder.ts'
import { Random } from '../fuzz/random.ts'
import { programOn } from '../support/program.ts'
import { bearing, workOnce } from './day.ts'
import { Journal } from './journal.ts'
import { foldersOf } from './world.ts'

const [office, world, seed] = z.tuple([z.string(), z.string(), z.coerce.number()]).parse(process.argv.slice(2))
const folders = foldersOf(world)
const data = { path: folders.program, file: (name: string) => join(folders.program, name), [Symbol.dispose]: () => {} }
const chance = new Random(seed)

keepToOneself()
process.once('disconnect', () => process.exit())
using journal = new Journal(folders.journals, 'program')
for (;;) {
  await bearing(journal, 'open', async () => {
    await using program = await programOn(data, { officeFolder: office })
    const { host } = program
    for (;;) {
      const desk = host.desk()
      if (!desk) throw new Error('the program has not opened its office')
      const { pages } = folders
      // as the window does: what is sealed is sent by the rounds
      await workOnce({ desk, journal, chance, pages, busy: true, deliver: null, backup: host.backup.now })
      host.changes.tell({ subject: 'copies' })
      await pause(100)
    }
  })
  await pause(200)
}
