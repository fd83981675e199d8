import { ensureBuilt } from '../../scripts/ensure-built.mjs'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openBenchDesk } from './window-desk.ts'
import { measureMemory } from './window-memory.ts'
import { measureScrolling } from './window-scroll.ts'
import { measureStart } from './window-start.ts'

/** The built program in its window, in the practice office: its start, a long copy, and what it holds after much work. */
export async function benchWindow(say: (line: string) => void) {
  ensureBuilt()
  using folder = temporaryFolder()
  say('window: making the practice office')
  await (await openBenchDesk(folder.path))[Symbol.asyncDispose]()
  say('window: five starts')
  const start = await measureStart(folder.path)
  say('window: a copy of 300 pages, scrolled')
  const scrolling = await measureScrolling(folder.path)
  say('window: the whole job ten times')
  const memory = await measureMemory(folder.path)
  return { start, scrolling, memory }
}
