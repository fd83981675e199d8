import { expect, test } from 'vitest'
import { isNewer, lookAtFeed } from '../../../electron/window/updates.ts'
import { type HttpClient, HttpFault } from '../../../native-signing/http/index.ts'

const FEED = 'https://capnhat.example.vn/ban'
const answering =
  (text: string, status = 200): HttpClient =>
  async () => ({ status, body: Buffer.from(text) })

test('without an address nobody is asked', async () => {
  const asked: HttpClient = () => Promise.reject(new Error('asked'))
  expect(await lookAtFeed(null, '0.1.0', null, asked)).toEqual({ kind: 'off' })
})

test('a newer program is told with its version; an older or equal one is not', async () => {
  const feed = answering('version: 0.10.2\nfiles:\n  - url: x\n')
  expect(await lookAtFeed(FEED, '0.9.9', null, feed)).toEqual({ kind: 'found', version: '0.10.2' })
  expect(await lookAtFeed(FEED, '0.10.2', null, feed)).toEqual({ kind: 'newest', version: '0.10.2' })
  expect(isNewer('0.9.9', '1.0.0')).toBe(false)
})

test('one that is fetched already is told so, another one is not taken for it', async () => {
  const feed = answering('version: 0.10.2')
  expect(await lookAtFeed(FEED, '0.9.9', '0.10.2', feed)).toEqual({ kind: 'fetched', version: '0.10.2' })
  expect(await lookAtFeed(FEED, '0.9.9', '0.10.1', feed)).toEqual({ kind: 'found', version: '0.10.2' })
})

test('the folder is asked for the file of this system, whether its address ends in a slash or not', async () => {
  const asked: string[] = []
  const noting: HttpClient = async ({ url }) => {
    asked.push(url)
    return { status: 200, body: Buffer.from('version: 1.0.0') }
  }
  await lookAtFeed(FEED, '0.1.0', null, noting)
  await lookAtFeed(`${FEED}/`, '0.1.0', null, noting)
  expect(new Set(asked).size).toBe(1)
  expect(asked[0]).toMatch(/^https:\/\/capnhat\.example\.vn\/ban\/latest(-linux|-mac)?\.yml$/)
})

test('a feed that is none, or cannot be reached, is said and nothing else happens', async () => {
  await expect(lookAtFeed(FEED, '0.1.0', null, answering('<html>login</html>'))).rejects.toThrow('update-feed-wrong')
  await expect(lookAtFeed(FEED, '0.1.0', null, answering('', 404))).rejects.toThrow('update-feed-wrong')
  await expect(lookAtFeed(FEED, '0.1.0', null, () => Promise.reject(new HttpFault('unreachable')))).rejects.toThrow(
    'update-feed-wrong',
  )
})
