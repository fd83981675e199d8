import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { composeCertifiedCopy } from '../../electron/document/index.ts'
import { drawPaper, drawSeal, drawSignature } from '../../electron/sandbox/papers.ts'
import { samplePapers } from '../../electron/sandbox/sample-papers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { check, copyRequest } from './document-support.ts'

describe('sample originals', () => {
  test('are of at least six kinds, each with its own title', () => {
    const papers = samplePapers()
    expect(papers.length).toBeGreaterThanOrEqual(6)
    expect(new Set(papers.map(({ title }) => title)).size).toBe(papers.length)
  })

  test('have the pages, size and resolution they promise, and look the same for the same seed only', async () => {
    using folder = temporaryFolder()
    const card = await drawPaper('driving-licence', 7, folder.file('a'))
    const again = await drawPaper('driving-licence', 7, folder.file('b'))
    const other = await drawPaper('driving-licence', 8, folder.file('c'))
    expect(card).toHaveLength(2)
    const bytes = (pages: typeof card) => pages.map(page => readFileSync(page.path).toString('base64'))
    expect(bytes(again)).toEqual(bytes(card))
    expect(bytes(other)).not.toEqual(bytes(card))
    const metadata = await sharp(card[0]?.path).metadata()
    expect(metadata).toMatchObject({ format: 'jpeg', density: 300, width: 1011, height: 638 })
    await expect(drawPaper('passport', 1, folder.path)).rejects.toThrow(RangeError)
  })

  test('take the statement where their last page has room, on a new page where it has none', async () => {
    using folder = temporaryFolder()
    for (const [id, added] of [
      ['residence-confirmation', 0],
      ['driving-licence', 1],
    ] as const) {
      const pages = await drawPaper(id, 3, folder.file(id))
      const out = folder.file(`${id}.pdf`)
      const layout = await composeCertifiedCopy(copyRequest(pages), out)
      expect(layout.pageCount).toBe(pages.length + added)
      check(out)
    }
  })
})

describe('pictures of marks', () => {
  test('a signature is blue on nothing, twice as wide as high, its own for each person', async () => {
    const png = await drawSignature('Nguyễn Văn An (mẫu)', 1)
    expect(Buffer.from(await drawSignature('Nguyễn Văn An (mẫu)', 1)).equals(png)).toBe(true)
    expect(Buffer.from(await drawSignature('Lê Thị Cẩm (mẫu)', 1)).equals(png)).toBe(false)
    const { width, height, hasAlpha } = await sharp(png).metadata()
    expect([width / height, hasAlpha]).toEqual([2, true])
    const ink = await meanInk(png)
    expect(ink.blue).toBeGreaterThan(ink.red + 60)
  })

  test('a seal is red on nothing and round', async () => {
    const png = await drawSeal('Ủy ban nhân dân xã Thanh Bình (mẫu)', 1)
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info.width).toBe(info.height)
    expect(data[3]).toBe(0)
    const ink = await meanInk(png)
    expect(ink.red).toBeGreaterThan(ink.blue + 100)
  })
})

/** Average colour of what is not transparent. */
async function meanInk(png: Uint8Array): Promise<{ readonly red: number; readonly blue: number }> {
  const data = await sharp(png).raw().toBuffer()
  let red = 0
  let blue = 0
  let count = 0
  for (let at = 0; at < data.length; at += 4) {
    if ((data[at + 3] ?? 0) < 128) continue
    red += data[at] ?? 0
    blue += data[at + 2] ?? 0
    count++
  }
  return { red: red / count, blue: blue / count }
}
