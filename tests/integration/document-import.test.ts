import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { composeCertifiedCopy, composePages, importPdf, readImage } from '../../electron/document/index.ts'
import { readPng } from '../../electron/document/png.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { copyRequest, run, scannedPage } from './document-support.ts'

const PROPERTIES = { title: 'Bản gốc', createdAt: new Date('2026-11-05T00:00:00Z') }

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** Leaves the first part of a file. */
function cut(from: string, to: string, part: number): void {
  const bytes = readFileSync(from)
  writeFileSync(to, bytes.subarray(0, Math.floor(bytes.length * part)))
}

describe('faults of an original', () => {
  test.each([
    ['a missing file', 'gone.pdf', 'page-file-missing'],
    ['an empty file', 'empty.pdf', 'page-file-empty'],
    ['something else with the name of a PDF', 'noise.pdf', 'pdf-damaged'],
    ['a PDF cut short', 'short.pdf', 'pdf-damaged'],
    ['a PDF with a password', 'locked.pdf', 'pdf-password'],
  ])('%s is named', async (_, name, code) => {
    using folder = temporaryFolder()
    await composePages([await scannedPage(folder.file('1.jpg'))], PROPERTIES, folder.file('good.pdf'))
    writeFileSync(folder.file('empty.pdf'), '')
    writeFileSync(folder.file('noise.pdf'), 'noise '.repeat(500))
    cut(folder.file('good.pdf'), folder.file('short.pdf'), 0.5)
    run('qpdf', '--encrypt', 'secret', 'owner', '256', '--', folder.file('good.pdf'), folder.file('locked.pdf'))
    const attempt = all(importPdf(folder.file(name), folder.file('pages')))
    await expect(attempt).rejects.toMatchObject({ code, parameters: { file: name } })
    expect(readdirSync(folder.path)).not.toContain('pages')
  })

  test.each([
    ['a missing file', 'gone.jpg', 'page-file-missing'],
    ['an empty file', 'empty.jpg', 'page-file-empty'],
    ['no picture at all', 'noise.jpg', 'page-format-unknown'],
    ['a JPEG cut short', 'short.jpg', 'image-damaged'],
    ['a PNG cut short', 'short.png', 'image-damaged'],
    ['a TIFF cut short', 'short.tif', 'image-damaged'],
    ['a picture of absurd size', 'huge.png', 'image-too-large'],
    ['an SVG', 'drawing.svg', 'page-format-unknown'],
  ])('%s is named', async (_, name, code) => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('good.jpg'))
    writeFileSync(folder.file('empty.jpg'), '')
    writeFileSync(folder.file('noise.jpg'), 'noise '.repeat(500))
    writeFileSync(folder.file('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    cut(path, folder.file('short.jpg'), 0.6)
    await sharp(path).png().toFile(folder.file('good.png'))
    cut(folder.file('good.png'), folder.file('short.png'), 0.6)
    await sharp(path).tiff({ compression: 'lzw' }).toFile(folder.file('good.tif'))
    cut(folder.file('good.tif'), folder.file('short.tif'), 0.6)
    const huge = readFileSync(folder.file('good.png'))
    huge.writeUInt32BE(60_000, 16)
    huge.writeUInt32BE(60_000, 20)
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29)
    writeFileSync(folder.file('huge.png'), huge)
    const attempt = all(readImage(folder.file(name), folder.file('pages')))
    await expect(attempt).rejects.toMatchObject({ code, parameters: { file: name } })
    expect(readdirSync(folder.path)).not.toContain('pages')
  })

  test('cancelling stops before the next page and keeps those already there', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'))
    await composePages([page, page, page], PROPERTIES, folder.file('three.pdf'))
    const stop = new AbortController()
    const seen: number[] = []
    const attempt = (async () => {
      for await (const { page: number } of importPdf(folder.file('three.pdf'), folder.file('pages'), {
        signal: stop.signal,
      })) {
        seen.push(number)
        if (number === 2) stop.abort()
      }
    })()
    await expect(attempt).rejects.toMatchObject({ code: 'import-cancelled' })
    expect(seen).toEqual([1, 2])
    expect(readdirSync(folder.file('pages')).sort()).toEqual(['page-0001.jpg', 'page-0002.jpg'])
  })
})

describe('a PDF', () => {
  test("of a scanner gives its JPEG bytes unchanged; img2pdf's and our own", async () => {
    using folder = temporaryFolder()
    const first = await scannedPage(folder.file('1.jpg'), { dpi: 200 })
    const second = await scannedPage(folder.file('2.jpg'), { widthMm: 297, heightMm: 210, dpi: 200 })
    await composePages([first, second], PROPERTIES, folder.file('ours.pdf'))
    const pages = await all(importPdf(folder.file('ours.pdf'), folder.file('pages'), { firstPage: 8 }))
    expect(pages.map(page => [page.page, page.pageCount, basename(page.image.path), page.image.dpi])).toEqual([
      [1, 2, 'page-0008.jpg', 200],
      [2, 2, 'page-0009.jpg', 200],
    ])
    for (const [index, page] of [first, second].entries()) {
      expect(readFileSync(pages[index]?.image.path ?? '').equals(readFileSync(page.path))).toBe(true)
    }
  })

  test('with a turned page gives the turn along with the unchanged bytes', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'), { widthMm: 297, heightMm: 210 })
    await composePages([page], PROPERTIES, folder.file('flat.pdf'))
    run('qpdf', '--rotate=90:1', folder.file('flat.pdf'), folder.file('turned.pdf'))
    const [turned] = await all(importPdf(folder.file('turned.pdf'), folder.file('pages')))
    expect(turned?.image.rotation).toBe(90)
    expect(readFileSync(turned?.image.path ?? '').equals(readFileSync(page.path))).toBe(true)
  })

  test('of a scanner that is locked against changes is read all the same', async () => {
    using folder = temporaryFolder()
    await composePages([await scannedPage(folder.file('1.jpg'))], PROPERTIES, folder.file('open.pdf'))
    run('qpdf', '--encrypt', '', 'owner', '256', '--', folder.file('open.pdf'), folder.file('locked.pdf'))
    const [page] = await all(importPdf(folder.file('locked.pdf'), folder.file('pages')))
    const mean = async (path: string) => (await sharp(readFileSync(path)).greyscale().stats()).channels[0]?.mean ?? 0
    expect(Math.abs((await mean(page?.image.path ?? '')) - (await mean(folder.file('1.jpg'))))).toBeLessThan(2)
  })

  test('with text on its page is drawn at 300 dpi, also when locked without a password', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'))
    await composeCertifiedCopy(copyRequest([page]), folder.file('text.pdf'))
    run('qpdf', '--encrypt', '', 'owner', '256', '--', folder.file('text.pdf'), folder.file('locked.pdf'))
    for (const name of ['text.pdf', 'locked.pdf']) {
      const [drawn] = await all(importPdf(folder.file(name), folder.file(name.slice(0, 4))))
      expect(drawn?.image).toMatchObject({ dpi: 300, widthPx: 2480, heightPx: 3508, mediaType: 'image/jpeg' })
      const { dominant } = await sharp(drawn?.image.path).stats()
      expect(Math.min(dominant.r, dominant.g, dominant.b)).toBeGreaterThan(200)
      const text = await sharp(drawn?.image.path).extract({ left: 1000, top: 1500, width: 1400, height: 900 }).stats()
      expect(text.channels[0]?.min).toBeLessThan(60)
    }
  })
})

describe('a picture', () => {
  test('in JPEG or PNG is copied byte for byte, with its resolution', async () => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('a.jpg'))
    await sharp(path).withDensity(300).toFile(folder.file('b.jpg'))
    await sharp(path).withDensity(240).png().toFile(folder.file('c.png'))
    for (const [name, dpi, mediaType] of [
      ['b.jpg', 300, 'image/jpeg'],
      ['c.png', 240, 'image/png'],
    ] as const) {
      const [page] = await all(readImage(folder.file(name), folder.file('pages')))
      expect(page?.image).toMatchObject({ mediaType, dpi, widthPx: 1240, heightPx: 1754 })
      expect(readFileSync(page?.image.path ?? '').equals(readFileSync(folder.file(name)))).toBe(true)
    }
  })

  test('in a PNG that no PDF can hold is redrawn on white when it comes, not when the copy is signed', async () => {
    using folder = temporaryFolder()
    const clear = { width: 400, height: 300, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } } as const
    await sharp({ create: clear }).withDensity(100).png().toFile(folder.file('clear.png'))
    const [page] = await all(readImage(folder.file('clear.png'), folder.file('pages')))
    expect(page?.image).toMatchObject({ mediaType: 'image/png', widthPx: 400, heightPx: 300, dpi: 100 })
    const bytes = readFileSync(page?.image.path ?? '')
    expect(readPng(bytes)).not.toBeNull()
    expect((await sharp(bytes).stats()).channels.map(channel => channel.min)).toEqual([255, 255, 255])
  })

  test('without a believable resolution is taken for an A4 page, upright as its EXIF says', async () => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('a.jpg'))
    await sharp(path).rotate(90).withMetadata({ orientation: 8, density: 72 }).jpeg().toFile(folder.file('phone.jpg'))
    const [page] = await all(readImage(folder.file('phone.jpg'), folder.file('pages')))
    expect(page?.image).toMatchObject({ widthPx: 1240, heightPx: 1754, dpi: 150 })
  })

  test('in TIFF gives one page each: black and white exact, colour as fine JPEG', async () => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('a.jpg'))
    await sharp(path)
      .toColourspace('b-w')
      .threshold()
      .tiff({ bitdepth: 1, compression: 'ccittfax4', xres: 6, yres: 6 })
      .toFile(folder.file('fax.tif'))
    const [fax] = await all(readImage(folder.file('fax.tif'), folder.file('fax')))
    expect(fax?.image.mediaType).toBe('image/png')
    const pixels = (file: string | undefined) => sharp(file).toColourspace('b-w').raw().toBuffer()
    expect((await pixels(fax?.image.path)).equals(await pixels(folder.file('fax.tif')))).toBe(true)

    const frames = await Promise.all(
      ['#a03020', '#2030a0', '#209030'].map(background =>
        sharp({ create: { width: 300, height: 400, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    await sharp(frames, { join: { animated: true } })
      .tiff({ compression: 'lzw' })
      .toFile(folder.file('three.tif'))
    const three = await all(readImage(folder.file('three.tif'), folder.file('three'), { firstPage: 2 }))
    expect(three.map(page => [page.page, page.pageCount, basename(page.image.path)])).toEqual([
      [1, 3, 'page-0002.jpg'],
      [2, 3, 'page-0003.jpg'],
      [3, 3, 'page-0004.jpg'],
    ])
    const { channels } = await sharp(three[1]?.image.path).stats()
    expect(channels.map(channel => Math.round(channel.mean / 16))).toEqual([2, 3, 10])
  })
})
