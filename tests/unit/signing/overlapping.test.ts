import { expect, test } from 'vitest'
import { type Begun, overlapping } from '../../../native-signing/sign/overlapping.ts'

/** Works that end when told. */
function works(count: number) {
  const begun: number[] = []
  const ends: (() => void)[] = []
  async function* begin(): AsyncGenerator<Begun<number>> {
    for (let work = 0; work < count; work++) {
      begun.push(work)
      const { promise, resolve } = Promise.withResolvers<number>()
      ends.push(() => resolve(work))
      yield { result: promise }
    }
  }
  return { begun, end: (work: number) => ends[work]?.(), all: begin() }
}

test('no more than so many are under way beside the one that is begun, and the order is kept', async () => {
  const { begun, end, all } = works(5)
  const results = overlapping(all, 2)
  const first = results.next()
  await expect.poll(() => begun).toEqual([0, 1, 2])
  end(2)
  end(1)
  end(0)
  expect(await first).toEqual({ done: false, value: 0 })
  end(3)
  end(4)
  const rest = Array.fromAsync(results)
  await expect.poll(() => begun).toHaveLength(5)
  end(3)
  end(4)
  expect(await rest).toEqual([1, 2, 3, 4])
})

test('what is over is told before the next but one is begun', async () => {
  async function* begin(): AsyncGenerator<Begun<number>> {
    yield { result: Promise.resolve(0) }
    await new Promise(setImmediate)
    yield { result: Promise.resolve(1) }
    throw new Error('begun too early')
  }
  const results = overlapping(begin(), 4)
  expect((await results.next()).value).toBe(0)
})

test('who stops early waits for those under way', async () => {
  const { begun, end, all } = works(3)
  const results = overlapping(all, 1)
  const first = results.next()
  await expect.poll(() => begun).toEqual([0, 1])
  end(0)
  expect((await first).value).toBe(0)
  let isStopped = false
  const stopping = results.return(undefined).then(() => {
    isStopped = true
  })
  await new Promise(setImmediate)
  expect(isStopped).toBe(false)
  end(1)
  await stopping
  expect(begun).toEqual([0, 1])
})
