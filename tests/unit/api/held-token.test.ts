import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HeldToken } from '../../../electron/api/held-token.ts'
import type { TokenSession } from '../../../native-signing/types.ts'
import { testOffice } from '../signing/support.ts'

const { chairman } = testOffice()
const KEY = 'chairman, his token'
const TEN_MINUTES = 10 * 60_000

let open: TokenSession[]
let opened: number
const faults: unknown[] = []

/** Logs in, and knows which sessions are still logged in. */
const logIn = async (): Promise<TokenSession> => {
  opened++
  const session: TokenSession = {
    ...chairman.session,
    close: async () => {
      open = open.filter(each => each !== session)
    },
  }
  open.push(session)
  return session
}

async function* work() {
  yield 'first'
  yield 'last'
}

const sign = (token: HeldToken, key: string, options: { readonly typed?: boolean; readonly hold?: boolean } = {}) => {
  const { typed = false, hold = false } = options
  return Array.fromAsync(token.use(key, { open: typed ? logIn : null, hold }, work))
}

beforeEach(() => {
  vi.useFakeTimers()
  open = []
  opened = 0
})
afterEach(() => {
  vi.useRealTimers()
  expect(faults).toEqual([])
})
const newToken = () => new HeldToken(error => faults.push(error))

test('without being asked nothing is held', async () => {
  const token = newToken()
  expect(await sign(token, KEY, { typed: true })).toEqual(['first', 'last'])
  expect(open).toEqual([])
  expect(token.holds(KEY)).toBe(false)
  await expect(sign(token, KEY)).rejects.toMatchObject({ code: 'pin-not-held' })
})

test('held, it signs again without a login, for the same person and certificate alone', async () => {
  const token = newToken()
  await sign(token, KEY, { typed: true, hold: true })
  await sign(token, KEY)
  await sign(token, KEY)
  expect(opened).toBe(1)
  expect(token.holds('somebody else')).toBe(false)
  await expect(sign(token, 'somebody else')).rejects.toMatchObject({ code: 'pin-not-held' })
  // Whoever asks for another one has left this one.
  expect(open).toEqual([])
})

test('ten minutes without a signature end it; each signature begins them anew', async () => {
  const token = newToken()
  await sign(token, KEY, { typed: true, hold: true })
  await vi.advanceTimersByTimeAsync(TEN_MINUTES - 1)
  await sign(token, KEY)
  await vi.advanceTimersByTimeAsync(TEN_MINUTES - 1)
  expect(token.holds(KEY)).toBe(true)
  await vi.advanceTimersByTimeAsync(1)
  expect(token.holds(KEY)).toBe(false)
  expect(open).toEqual([])
})

test('a PIN typed meanwhile is a login of its own, and the one before is over', async () => {
  const token = newToken()
  await sign(token, KEY, { typed: true, hold: true })
  await sign(token, KEY, { typed: true })
  expect(opened).toBe(2)
  expect(open).toEqual([])
})

test('let go while it signs, it is closed when the work has ended in order', async () => {
  const token = newToken()
  await sign(token, KEY, { typed: true, hold: true })
  const signing = token.use(KEY, { open: null, hold: true }, work)
  await signing.next()
  await token.release()
  expect(open.length).toBe(1)
  expect((await signing.next()).value).toBe('last')
  expect((await signing.next()).done).toBe(true)
  expect(token.holds(KEY)).toBe(false)
  expect(open).toEqual([])
})

test('work that was left or failed leaves nothing open', async () => {
  const token = newToken()
  const left = token.use(KEY, { open: logIn, hold: true }, work)
  await left.next()
  await left.return(undefined)
  expect(open).toEqual([])
  const failing = token.use(KEY, { open: logIn, hold: true }, async function* () {
    yield 'first'
    throw new Error('pulled out')
  })
  await expect(Array.fromAsync(failing)).rejects.toThrow('pulled out')
  expect(open).toEqual([])
  expect(token.holds(KEY)).toBe(false)
})

test('two at once: the second is told to type the PIN, and what both opened is closed in the end', async () => {
  const token = newToken()
  await sign(token, KEY, { typed: true, hold: true })
  const first = token.use(KEY, { open: null, hold: true }, work)
  await first.next()
  await expect(sign(token, KEY)).rejects.toMatchObject({ code: 'pin-not-held' })
  await Array.fromAsync(first)
  await token.release()
  expect(open).toEqual([])
})
