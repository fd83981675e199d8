import { expect, test } from 'vitest'
import { type Job, type Runner, race } from '../../bench/race.ts'

const runner = (name: string): Runner => ({
  ...{ name, processId: undefined, verify: null, peak: () => null },
  sign: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
})

/** Notes what is done in the order in which it is done. */
function noted(diary: string[]) {
  const job = (name: string): Job => ({
    before: async () => diary.push(`before ${name}`),
    work: async () => diary.push(name),
  })
  return { job, settle: async () => diary.push('settle') }
}

test('each turn is begun by another, the limit among them, and nobody is timed before the machine has settled', async () => {
  const diary: string[] = []
  const { job, settle } = noted(diary)
  const { limit, results } = await race(
    [runner('a'), runner('b')],
    { runs: 3, warm: false, settle },
    job('limit'),
    ({ name }) => job(name),
  )
  const prepared = (name: string) => [`before ${name}`, 'settle', name]
  expect(diary).toEqual(['limit', 'a', 'b', 'a', 'b', 'limit', 'b', 'limit', 'a'].flatMap(prepared))
  expect([limit.runs, ...results.map(({ timing }) => timing?.runs)]).toEqual([3, 3, 3])
})

test('a program that fails is named with its reason and not asked again; the others go on', async () => {
  const diary: string[] = []
  const { job, settle } = noted(diary)
  const failing: Job = { work: () => Promise.reject(new Error('no memory left')) }
  const { results } = await race(
    [runner('a'), runner('b')],
    { runs: 2, warm: true, settle },
    job('limit'),
    ({ name }) => (name === 'a' ? failing : job(name)),
  )
  expect(results.map(({ remark }) => remark)).toEqual(['no memory left', null])
  expect(results[1]?.timing?.runs).toBe(2)
  expect(diary.filter(each => each === 'settle')).toHaveLength(7)
})

test('without a limit there is no race', async () => {
  const broken: Job = { work: () => Promise.reject(new Error('disk full')) }
  const running = race([], { runs: 1, warm: false, settle: () => Promise.resolve() }, broken, () => 'cannot')
  await expect(running).rejects.toThrow('disk full')
})
