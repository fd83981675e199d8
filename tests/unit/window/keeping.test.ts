import { writeFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createChangeFeed } from '../../../electron/api/changes.ts'
import { startDeliveryRounds } from '../../../electron/window/delivery-round.ts'
import { errorFacts } from '../../../electron/window/log.ts'
import { MemoryCache } from '../../../electron/window/memory-cache.ts'
import { startOptions } from '../../../electron/window/start-options.ts'
import { readWindowState, USUAL_WINDOW, writeWindowState } from '../../../electron/window/window-state.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }

describe('the place of the window', () => {
  for (const [name, text] of [
    ['a damaged file', '{"width": 1200,'],
    ['another kind of file', '[]'],
    ['a window smaller than the desk works in', '{"width":100,"height":100,"maximized":false}'],
  ] as const)
    test(`${name} gives the usual one`, async () => {
      using folder = temporaryFolder()
      writeFileSync(folder.file('window.json'), text)
      expect(await readWindowState(folder.file('window.json'), [screen])).toEqual(USUAL_WINDOW)
    })

  test('is forgotten when its screen was unplugged, its size is not', async () => {
    using folder = temporaryFolder()
    const state = { x: 2500, y: 100, width: 1300, height: 900, maximized: false }
    writeWindowState(folder.file('window.json'), state)
    expect(await readWindowState(folder.file('window.json'), [screen])).toEqual({
      width: 1300,
      height: 900,
      maximized: false,
    })
    const second = { ...screen, x: 1920 }
    expect(await readWindowState(folder.file('window.json'), [screen, second])).toEqual(state)
  })
})

describe('pictures kept in memory', () => {
  const text = (size: number) => async () => 'x'.repeat(size)

  test('what fails is not kept', async () => {
    const cache = new MemoryCache<string>(100, value => value.length)
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await cache.get('a', text(3))).toBe('xxx')
  })

  test('is made once, however many ask, and the oldest unused goes first', async () => {
    const cache = new MemoryCache<string>(10, value => value.length)
    const make = vi.fn(text(4))
    await Promise.all([cache.get('a', make), cache.get('a', make)])
    expect(make).toHaveBeenCalledTimes(1)
    await cache.get('b', text(4))
    await cache.get('a', make)
    await cache.get('c', text(4))
    await nextTurn()
    await cache.get('a', make)
    expect(make).toHaveBeenCalledTimes(1)
    const again = vi.fn(text(4))
    await cache.get('b', again)
    expect(again).toHaveBeenCalledTimes(1)
  })
})

describe('delivery rounds', () => {
  test('a failed round is told and the next one comes; closing waits for the round under way', async () => {
    const changes = createChangeFeed()
    const faults: unknown[] = []
    const rounds: AbortSignal[] = []
    const running = startDeliveryRounds({
      changes,
      every: 10_000,
      settle: 0,
      onFault: fault => faults.push(fault),
      deliver: async signal => {
        rounds.push(signal)
        if (rounds.length === 1) throw new Error('portal away')
        return 0
      },
    })
    await expect.poll(() => faults).toHaveLength(1)
    changes.tell({ subject: 'copies' })
    await expect.poll(() => rounds).toHaveLength(2)
    await running[Symbol.asyncDispose]()
    expect(rounds[0]?.aborted).toBe(true)
    changes.tell({ subject: 'copies' })
    await nextTurn()
    expect(rounds).toHaveLength(2)
  })

  test('each change starts a round at once, also after the rounds that found nothing', async () => {
    vi.useFakeTimers()
    try {
      const changes = createChangeFeed()
      let rounds = 0
      const running = startDeliveryRounds({
        changes,
        every: 60_000,
        settle: 100,
        onFault: fault => expect.fail(String(fault)),
        deliver: async () => {
          rounds += 1
          return 0
        },
      })
      await vi.advanceTimersByTimeAsync(5 * 60_100 + 1000)
      expect(rounds).toBe(6)
      for (const after of [7, 8, 9]) {
        changes.tell({ subject: 'copies' })
        await vi.advanceTimersByTimeAsync(1000)
        expect(rounds).toBe(after)
      }
      await running[Symbol.asyncDispose]()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the diary', () => {
  test('has of an error its kind, code and place, not its words', () => {
    const error = Object.assign(new Error('/home/an/Giay-khai-sinh-Nguyen-Van-A.pdf'), {
      code: 'ENOENT',
      pin: '123456',
    })
    const facts = JSON.stringify(errorFacts(new TypeError('outer 012345678901', { cause: error })))
    expect(facts).toContain('ENOENT')
    expect(facts).toContain('TypeError')
    expect(facts).not.toMatch(/Nguyen|012345678901|123456|\/home/)
  })
})

test('the command line: folders become absolute, the rest is left to Chromium', () => {
  expect(startOptions(['electron', '.', '--office=x', '--inspect', '--practice'])).toEqual({
    officeFolder: expect.stringMatching(/^\/.*\/x$/),
    dataFolder: null,
    practice: true,
  })
})
