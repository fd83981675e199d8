import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { chooseGlass, pagesOf, receive, row, sign, sitDown, submit } from '../e2e/support/at-the-desk.ts'
import { type BenchDesk, openBenchDesk } from './window-desk.ts'

/** Megabytes: what the scripts of page and main process hold after all rubbish was collected, and what the processes take of the machine. */
interface Held {
  readonly pageHeap: number
  readonly pageProcess: number
  readonly mainHeap: number
  readonly mainProcess: number
  /** Those two, and all others of browser and program: pictures, network, tokens. */
  readonly allProcesses: number
}

/** The whole job, three people, by the screen: memory after ten times against after two. */
export async function measureMemory(dataFolder: string) {
  await using desk = await openBenchDesk(dataFolder, { inspect: true })
  let twice: Held | null = null
  for (let time = 1; time <= 10; time++) {
    await wholeJob(desk, `Giấy tờ lần thứ ${time} (mẫu)`)
    if (time === 2) twice = await held(desk)
  }
  const tenTimes = await held(desk)
  if (!twice) throw new Error('unreachable')
  const ratio = (key: keyof Held) => Math.round((tenTimes[key] / (twice?.[key] ?? Number.NaN)) * 100) / 100
  return {
    twice,
    tenTimes,
    ratio: {
      pageHeap: ratio('pageHeap'),
      pageProcess: ratio('pageProcess'),
      mainHeap: ratio('mainHeap'),
      mainProcess: ratio('mainProcess'),
      allProcesses: ratio('allProcesses'),
    },
  }
}

async function wholeJob({ page }: BenchDesk, title: string): Promise<void> {
  await sitDown(page, 'officer')
  await receive(page, [{ title, issuer: 'Trường Đại học Mẫu', copies: 1 }])
  await chooseGlass(page)
  await page.getByRole('button', { name: /^Quét( thêm)?$/ }).click()
  await pagesOf(page).first().waitFor()
  await submit(page)
  await sitDown(page, 'signer')
  await row(page, title).waitFor()
  await sign(page, 'signature')
  await sitDown(page, 'clerk')
  await row(page, title).waitFor()
  await sign(page, 'seal')
}

const MEGABYTE = 1e6
const rounded = (bytes: number): number => Math.round(bytes / MEGABYTE / 0.1) / 10

async function held(desk: BenchDesk): Promise<Held> {
  const session = await desk.page.context().newCDPSession(desk.page)
  // Both, or the browser keeps what it might need again.
  await session.send('Memory.simulatePressureNotification', { level: 'critical' })
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  const main = await mainMemory(desk.inspector)
  const processes = descendants(desk.process.pid ?? 0)
  const sum = (pids: readonly number[]) => rounded(pids.map(privateBytes).reduce((all, bytes) => all + bytes, 0))
  return {
    pageHeap: rounded(usedSize),
    pageProcess: sum(processes.filter(isPage)),
    mainHeap: rounded(main.heapUsed),
    mainProcess: rounded(main.rss),
    allProcesses: sum(processes),
  }
}

const memorySchema = z.object({
  result: z.object({ result: z.object({ value: z.object({ heapUsed: z.number(), rss: z.number() }) }) }),
})

/** Asks the main process by its inspector, after a collection of rubbish. */
async function mainMemory(inspector: string | null): Promise<{ readonly heapUsed: number; readonly rss: number }> {
  if (inspector === null) return { heapUsed: Number.NaN, rss: Number.NaN }
  const socket = new WebSocket(inspector)
  await once(socket, 'open')
  const ask = async (id: number, method: string, params: object = {}): Promise<unknown> => {
    socket.send(JSON.stringify({ id, method, params }))
    for (;;) {
      const [event] = await once(socket, 'message')
      const message: unknown = JSON.parse(event.data)
      if (z.object({ id: z.literal(id) }).safeParse(message).success) return message
    }
  }
  await ask(1, 'HeapProfiler.enable')
  await ask(2, 'HeapProfiler.collectGarbage')
  const expression = '({ heapUsed: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss })'
  const answer = memorySchema.parse(await ask(3, 'Runtime.evaluate', { expression, returnByValue: true }))
  socket.close()
  return answer.result.result.value
}

/** The process and all that it has started. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return []
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return [{ pid: Number(name), parent: Number(fields[1]) }]
    } catch {
      // It has just ended.
      return []
    }
  })
  const below = (of: number): readonly number[] => [
    of,
    ...parents.filter(each => each.parent === of).flatMap(each => below(each.pid)),
  ]
  return below(pid)
}

function isPage(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')
  } catch {
    return false
  }
}

/** Its share of the machine's memory: what several processes share is counted once. */
function privateBytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
