import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { DocumentErrorCode } from '../document/errors.ts'
import type { ErrorParameters } from '../errors.ts'
import type { WorkLine } from '../work/serve-work.ts'
import type { WorkAnswer } from '../work/work-messages.ts'
import type { ForeignTask } from './foreign-tasks.ts'

/** Resident memory at which the process ends, bytes: what comes between two looks stays below the gigabyte that is promised. */
const MEMORY = 800 * 2 ** 20
/** JavaScript's own part of it, megabytes. */
const HEAP_MEGABYTES = 640
/** Milliseconds between two looks at the memory. A file can fill some 4 MB in one. */
const LOOK_EVERY = 15
/** Milliseconds for one page. */
const PAGE_TIME = 30_000
/** Milliseconds that the last words have to reach the program before the process ends itself. */
const LAST_WORDS = 500

/** A task under way. */
interface Watched {
  readonly file: string
  /** 1-based, the one that is worked on. */
  page: number
  /** Null where pages are not counted. */
  readonly clock: NodeJS.Timeout | null
}

/**
 * Serves a process for strangers' files. The work is done in a thread; this one only watches it, so it hears and sees whatever the work does:
 * 800 MB of memory or 30 s without a page end the process, with an error that names the page.
 */
export function serveForeign(line: WorkLine<ForeignTask>): void {
  const thread = new Worker(new URL('./foreign-thread.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  const watched = new Map<number, Watched>()
  let memoryWatch: NodeJS.Timeout | undefined

  const giveUp = (code: DocumentErrorCode, parameters: ErrorParameters): void => {
    clearInterval(memoryWatch)
    for (const [id, { file, page, clock }] of watched) {
      if (clock) clearTimeout(clock)
      const all = { file, page, ...parameters }
      line.answer({ id, kind: 'failed', code, parameters: all, message: `${code} ${JSON.stringify(all)}` })
    }
    watched.clear()
    void thread.terminate()
    setTimeout(endNow, LAST_WORDS)
  }
  const tooMuchMemory = () => giveUp('page-memory-exceeded', { megabytes: 1000 })
  const lookAtMemory = () => {
    if (process.memoryUsage.rss() > MEMORY) tooMuchMemory()
  }
  const tooLong = () => giveUp('page-time-exceeded', { seconds: PAGE_TIME / 1000 })

  const begun = (id: number, task: ForeignTask): void => {
    if (watched.size === 0) memoryWatch = setInterval(lookAtMemory, LOOK_EVERY)
    const clock = task.kind === 'verify' ? null : setTimeout(tooLong, PAGE_TIME)
    watched.set(id, { file: nameOf(task), page: 1, clock })
  }
  const answered = ({ id, kind }: WorkAnswer): void => {
    const task = watched.get(id)
    if (!task) return
    if (kind === 'item') {
      task.page++
      task.clock?.refresh()
      return
    }
    if (task.clock) clearTimeout(task.clock)
    watched.delete(id)
    if (watched.size === 0) clearInterval(memoryWatch)
  }

  line.onMessage(message => {
    if (message.kind === 'begin') begun(message.id, message.work)
    thread.postMessage(message)
  })
  thread.on('message', (answer: WorkAnswer) => {
    if (!watched.has(answer.id)) return
    answered(answer)
    line.answer(answer)
  })
  thread.once('error', error => {
    if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuchMemory()
    else endNow()
  })
}

function nameOf(task: ForeignTask): string {
  switch (task.kind) {
    case 'import':
      return basename(task.path)
    case 'verify':
      return basename(task.file.path)
    case 'raw-page':
      return basename(task.page.path)
    case 'look':
      return basename(task.look.path)
  }
}

/** No exit handler of a library, and nothing that it waits for, keeps the process. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL')
}
