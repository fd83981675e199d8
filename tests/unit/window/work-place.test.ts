import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inThread } from '../../../electron/work/in-thread.ts'
import { WorkPlace } from '../../../electron/work/work-place.ts'
import { SigningError } from '../../../native-signing/errors.ts'

let started = 0
let thread: WorkPlace<string>
beforeEach(() => {
  started = 0
  thread = new WorkPlace(() => {
    started++
    return inThread(new Worker(new URL('../../support/work-worker.ts', import.meta.url), { stderr: true }))
  })
})
afterEach(() => thread[Symbol.asyncDispose]())

const ended = expect.objectContaining({ code: 'document-work-ended' })

async function all(work: string, signal?: AbortSignal): Promise<readonly unknown[]> {
  const items: unknown[] = []
  for await (const item of thread.run(work, signal)) items.push(item)
  return items
}

describe('a thread that dies', () => {
  for (const death of ['crash', 'exit'])
    test(`${death}: whatever was asked of it settles with a typed error, and the next task starts another`, async () => {
      const pending = [all('wait'), all('wait'), all(death), all('wait')]
      const outcomes = await Promise.allSettled(pending)
      expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: ended })))
      expect(await all('answer')).toEqual(['answer'])
      expect(started).toBe(2)
    })

  test('what is asked between its death and the news of it is not lost', async () => {
    const dying = all('exit').catch((error: unknown) => error)
    const asked: Promise<unknown>[] = []
    for (let index = 0; index < 50; index++) {
      asked.push(all('answer').catch((error: unknown) => error))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await dying).toEqual(ended)
    for (const outcome of await Promise.all(asked)) expect([['answer'], ended]).toContainEqual(outcome)
    expect(await all('answer')).toEqual(['answer'])
  })

  test('its end starts no other one by itself', async () => {
    await expect(all('crash')).rejects.toEqual(ended)
    expect(started).toBe(1)
    expect(thread.free).toBe(true)
  })

  test('why it died is kept as the cause', async () => {
    await expect(all('crash')).rejects.toMatchObject({ cause: { message: 'crashed' } })
  })
})

test('one that heeds nothing is ended, and the next task has another', async () => {
  const hanging = all('hang')
  const behind = all('answer')
  await new Promise(resolve => setTimeout(resolve, 50))
  await thread.end()
  await expect(hanging).rejects.toEqual(ended)
  await expect(behind).rejects.toEqual(ended)
  expect(await all('answer')).toEqual(['answer'])
})

test('a signal ends the task in order, also one that was given before', async () => {
  const stop = new AbortController()
  const waiting = all('wait', stop.signal)
  stop.abort()
  expect(await waiting).toEqual([])
  expect(await all('wait', AbortSignal.abort())).toEqual([])
  expect(started).toBe(1)
})

test('an error of ours comes back as what it is', async () => {
  await expect(all('fail')).rejects.toThrow(SigningError)
  await expect(all('fail')).rejects.toMatchObject({ code: 'pdf-password-wrong' })
})

test('what cannot be handed over is said, and harms nothing else', async () => {
  const any: WorkPlace<unknown> = new WorkPlace(() =>
    inThread(new Worker(new URL('../../support/work-worker.ts', import.meta.url))),
  )
  await expect(any.run(() => {}).next()).rejects.toThrow('could not be cloned')
  expect((await any.run('answer').next()).value).toBe('answer')
  await any[Symbol.asyncDispose]()
})

test('after its end for good nothing is begun', async () => {
  expect(await all('answer')).toEqual(['answer'])
  await thread[Symbol.asyncDispose]()
  await expect(all('answer')).rejects.toEqual(ended)
  expect(started).toBe(1)
})
