import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChangeFeed } from '../../../electron/api/changes.ts'
import { UPLOAD_FILE_BYTES } from '../../../electron/api/contract/uploads.ts'
import { API_ERROR_CODES, ApiError } from '../../../electron/api/errors.ts'
import { Jobs } from '../../../electron/api/job-list.ts'
import { UploadStore } from '../../../electron/api/upload-store.ts'
import { vietnamDay } from '../../../electron/api/vietnam-day.ts'
import { messageCatalogue } from '../../../electron/messages.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('every code has its sentence', () => {
  for (const code of API_ERROR_CODES) expect(messageCatalogue()[code], code).toBeDefined()
})

describe('uploads', () => {
  const bytes = (text: string) => Buffer.from(text)
  const storeIn = (folder: string) =>
    new UploadStore(folder, error => {
      throw error
    })

  test('a missing piece, a piece twice, or no beginning is refused', async () => {
    using folder = temporaryFolder()
    const uploads = storeIn(folder.path)
    await expect(uploads.append('u', 'a.pdf', 4, bytes('x'))).rejects.toThrow('upload-incomplete')
    await uploads.append('u', 'a.pdf', 0, bytes('abcd'))
    await expect(uploads.append('u', 'a.pdf', 2, bytes('cd'))).rejects.toThrow('upload-incomplete')
    await expect(uploads.append('u', 'a.pdf', 5, bytes('f'))).rejects.toThrow('upload-incomplete')
    await uploads.append('u', 'a.pdf', 4, bytes('ef'))
    expect(readFileSync((await uploads.file('u')).path, 'utf8')).toBe('abcdef')
  })

  test('a file that is not there, or was dropped, is not given', async () => {
    using folder = temporaryFolder()
    const uploads = storeIn(folder.path)
    await expect(uploads.file('u')).rejects.toThrow('upload-incomplete')
    await uploads.append('u', 'a.pdf', 0, bytes('abcd'))
    await uploads.drop('u')
    await expect(uploads.file('u')).rejects.toThrow('upload-incomplete')
  })

  test('all dropped while a piece is written: that file goes too, and what comes later stays', async () => {
    using folder = temporaryFolder()
    const uploads = storeIn(folder.path)
    await uploads.append('half', 'a.pdf', 0, bytes('abcd'))
    const writing = [uploads.append('half', 'a.pdf', 4, bytes('ef')), uploads.append('new', 'b.pdf', 0, bytes('x'))]
    const outcomes = Promise.allSettled(writing)
    await uploads.dropAll()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(readdirSync(folder.path)).toEqual([])
    await uploads.append('later', 'c.pdf', 0, bytes('y'))
    expect(readdirSync(folder.path)).toEqual(['later'])
  })

  test('a name never leads out of its folder; only its ending is used', async () => {
    using folder = temporaryFolder()
    const uploads = storeIn(folder.path)
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 50, unit: 'binary' }), async name => {
        await uploads.append('u', `../../${name}`, 0, bytes('x'))
        expect((await uploads.file('u')).path).toMatch(/[/\\]u[/\\]upload(\.[0-9a-z]{1,5})?$/)
      }),
      { numRuns: 50 },
    )
  })

  test('more than the largest file is refused', async () => {
    using folder = temporaryFolder()
    const uploads = storeIn(folder.path)
    await expect(uploads.append('u', 'a.pdf', 0, new Uint8Array(UPLOAD_FILE_BYTES + 1))).rejects.toThrow(
      'upload-too-large',
    )
  })
})

describe('long work', () => {
  async function* counting(signal: AbortSignal) {
    for (let n = 0; n < 100; n++) {
      if (signal.aborted) {
        yield 'ended in order'
        return
      }
      yield String(n)
      await null
    }
  }

  test('a cancelled job still says what became of it', async () => {
    const jobs = new Jobs()
    const told: string[] = []
    for await (const news of jobs.run('j', undefined, counting)) {
      told.push(news)
      if (news === '3') expect(jobs.cancel('j')).toBe(true)
    }
    expect(told.at(-1)).toBe('ended in order')
    expect(jobs.cancel('j')).toBe(false)
  })

  test('ends when the page goes away, and an id runs once at a time', async () => {
    const jobs = new Jobs()
    const gone = new AbortController()
    const first = jobs.run('j', gone.signal, counting)
    await first.next()
    await expect(jobs.run('j', undefined, counting).next()).rejects.toBeInstanceOf(ApiError)
    gone.abort()
    expect((await first.next()).value).toBe('ended in order')
    expect((await first.next()).done).toBe(true)
    expect((await jobs.run('j', undefined, counting).next()).value).toBe('0')
  })
})

describe('changes', () => {
  test('told while nobody reads are kept once each, and reading ends with the signal', async () => {
    const feed = createChangeFeed()
    const stop = new AbortController()
    const news = feed.follow(stop.signal)
    const first = news.next()
    feed.tell({ subject: 'copies' })
    expect((await first).value).toEqual({ subject: 'copies' })
    feed.tell({ subject: 'copies' })
    feed.tell({ subject: 'people' })
    feed.tell({ subject: 'copies' })
    expect((await news.next()).value).toEqual({ subject: 'copies' })
    expect((await news.next()).value).toEqual({ subject: 'people' })
    const last = news.next()
    stop.abort()
    expect((await last).done).toBe(true)
  })
})

test("the day is Vietnam's, not the computer's", () => {
  expect(vietnamDay(new Date('2026-12-31T16:59:59Z'))).toBe('2026-12-31')
  expect(vietnamDay(new Date('2026-12-31T17:00:00Z'))).toBe('2027-01-01')
})
