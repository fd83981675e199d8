import { foundDesk } from '../../electron/desk.ts'
import { ensureBuilt } from '../../scripts/ensure-built.mjs'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openBenchDesk } from './window-desk.ts'
import { measureMemory } from './window-memory.ts'
import { measureScrolling } from './window-scroll.ts'
import { measureStart } from './window-start.ts'

/** The built program in its window: its start; in the practice office a long copy, and what it holds after much work. */
export async function benchWindow(say: (line: string) => void) {
  ensureBuilt()
  using folder = temporaryFolder()
  say('window: making the practice office')
  await (await openBenchDesk(folder.path))[Symbol.asyncDispose]()
  say('window: five starts in an office of its own, five in the practice office')
  const office = folder.file('office')
  await foundDesk(office, { name: 'Ủy ban nhân dân xã Thanh Bình (mẫu)', administrator: 'Phạm Thị Quản (mẫu)' })
  const own = folder.file('own')
  await (await openBenchDesk(own, { officeFolder: office }))[Symbol.asyncDispose]()
  const start = await measureStart(own, office)
  // Here the practice portal and time-stamp authority start as well, in the same process.
  const practiceStart = await measureStart(folder.path, null)
  say(JSON.stringify({ start, practiceStart }))
  say('window: a copy of 300 pages, scrolled')
  const scrolling = await measureScrolling(folder.path)
  say(JSON.stringify(scrolling))
  say('window: the whole job ten times')
  const memory = await measureMemory(folder.path)
  return { start, practiceStart, scrolling, memory }
}
