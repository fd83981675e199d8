import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAppHandler } from '../../../electron/window/app-protocol.ts'
import { requestedRange } from '../../../electron/window/byte-range.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('a file of the program asked for in parts', () => {
  const folder = temporaryFolder()
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251))
  const file = folder.file('copy.pdf')
  writeFileSync(file, content)
  writeFileSync(folder.file('empty.pdf'), '')
  const nothing = async () => null
  const handler = createAppHandler(
    {
      page: nothing,
      pictures: nothing,
      files: async name => ({ file: folder.file(name), contentType: 'application/pdf', saveAs: 'x.pdf' }),
    },
    () => undefined,
  )
  const ask = (name: string, range?: string) =>
    handler(new Request(`app://desk/file/${name}`, range === undefined ? {} : { headers: { range } }))
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=199990-', 199_990, 199_999],
    ['bytes=199990-900000', 199_990, 199_999],
    ['bytes=-5', 199_995, 199_999],
    ['bytes=70000-140000', 70_000, 140_000],
  ])('%s', async (range, first, last) => {
    const answer = await ask('copy.pdf', range)
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/200000`)
    expect(answer.headers.get('content-length')).toBe(String(last - first + 1))
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await bytesOf(answer)).equals(content.subarray(first, last + 1))).toBe(true)
  })

  test.each([undefined, 'bytes=0-1,5-6', 'lines=0-1', 'bytes=-', 'bytes=9-3'])('whole for %s', async range => {
    const answer = await ask('copy.pdf', range)
    expect(answer.status).toBe(200)
    expect((await bytesOf(answer)).equals(content)).toBe(true)
  })

  test('no such part, no such file, an empty one', async () => {
    expect((await ask('copy.pdf', 'bytes=200000-')).status).toBe(416)
    expect((await ask('missing.pdf')).status).toBe(404)
    const empty = await ask('empty.pdf')
    expect([empty.status, (await bytesOf(empty)).length]).toEqual([200, 0])
  })

  test('whatever the header says, the part lies within the file', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => `bytes=${from}-${to}`),
      fc.nat().map(count => `bytes=-${count}`),
    )
    fc.assert(
      fc.property(header, fc.nat({ max: 5000 }), (text, length) => {
        let range: ReturnType<typeof requestedRange>
        try {
          range = requestedRange(text, length)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          return
        }
        if (range) {
          expect(range.first).toBeGreaterThanOrEqual(0)
          expect(range.first).toBeLessThanOrEqual(range.last)
          expect(range.last).toBeLessThan(length)
        }
      }),
    )
  })
})
