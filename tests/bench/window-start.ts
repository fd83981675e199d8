import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openBenchDesk } from './window-desk.ts'

const RUNS = 5

/** Milliseconds since the process was started; median of several starts. `usable`: everybody who may work here is on the screen. */
export async function measureStart(dataFolder: string, officeFolder: string | null) {
  const starts: Readonly<Record<string, number>>[] = []
  for (let run = 0; run < RUNS; run++) {
    await using desk = await openBenchDesk(dataFolder, { officeFolder })
    await desk.page.locator('.person').first().waitFor()
    const painted = await desk.page.evaluate(
      () =>
        new Promise<{ readonly origin: number; readonly first: number; readonly people: number }>(resolve => {
          const first = performance.getEntriesByName('first-paint')[0]?.startTime ?? Number.NaN
          new PerformanceObserver(list =>
            resolve({
              origin: performance.timeOrigin,
              first,
              people: list.getEntries().at(-1)?.startTime ?? Number.NaN,
            }),
          ).observe({ type: 'largest-contentful-paint', buffered: true })
        }),
    )
    const page = painted.origin - desk.begun
    starts.push({
      ...desk.started,
      'page begun': page,
      'first paint': page + painted.first,
      usable: page + painted.people,
    })
  }
  const names = Object.keys(starts[0] ?? {})
  const median = (values: readonly number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0)
  return {
    runs: RUNS,
    median: Object.fromEntries(names.map(name => [name, median(starts.map(each => each[name] ?? Number.NaN))])),
    fastest: Math.round(Math.min(...starts.map(each => each['usable'] ?? Number.NaN))),
    reference: { 'bare node': await milliseconds(process.execPath, ['-e', '0']) },
  }
}

/** A program that does nothing, for what the machine is worth just now. */
async function milliseconds(program: string, args: readonly string[]): Promise<number> {
  const samples: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now()
    await once(spawn(program, args, { stdio: 'ignore' }), 'exit')
    samples.push(performance.now() - begun)
  }
  return Math.round(samples.sort((a, b) => a - b)[RUNS >> 1] ?? 0)
}
