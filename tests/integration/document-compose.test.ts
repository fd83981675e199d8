import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { composePages } from '../../electron/document/index.ts'
import type { PageImage } from '../../electron/document/types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { check, colourAt, draw, run, scannedPage } from './document-support.ts'

const PROPERTIES = { title: 'Bản sao: Đặng Thị “Ước” & <Mơ>', createdAt: new Date('2026-11-05T02:03:04.567Z') }
const RED = { r: 200, g: 30, b: 40 }
const GREEN = { r: 20, g: 150, b: 60 }

/** A picture whose upper left quarter is red, the rest green, 120 × 80 as seen upright. */
function twoColours() {
  return sharp({ create: { width: 120, height: 80, channels: 3, background: GREEN } }).composite([
    { input: { create: { width: 60, height: 40, channels: 3, background: RED } }, left: 0, top: 0 },
  ])
}

function near(colour: readonly number[], { r, g, b }: typeof RED, tolerance = 12): boolean {
  return [r, g, b].every((value, index) => Math.abs(value - (colour[index] ?? 0)) <= tolerance)
}

describe('faults', () => {
  test('no page, a missing, an empty and a damaged page are named; nothing is left behind', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('good.jpg'))
    writeFileSync(folder.file('empty.jpg'), '')
    writeFileSync(folder.file('noise.jpg'), 'not a picture')
    const out = folder.file('out.pdf')
    const compose = (...names: readonly string[]) =>
      composePages(
        names.map(name => ({ ...page, path: folder.file(name) })),
        PROPERTIES,
        out,
      )
    await expect(compose()).rejects.toMatchObject({ code: 'no-pages' })
    await expect(compose('good.jpg', 'gone.jpg')).rejects.toMatchObject({
      code: 'page-file-missing',
      parameters: { file: 'gone.jpg' },
    })
    await expect(compose('empty.jpg')).rejects.toMatchObject({ code: 'page-file-empty' })
    await expect(compose('good.jpg', 'noise.jpg')).rejects.toMatchObject({ code: 'image-damaged' })
    const noise = { ...page, path: folder.file('noise.jpg'), mediaType: 'image/png' } as const
    await expect(composePages([noise], PROPERTIES, out)).rejects.toMatchObject({ code: 'image-damaged' })
    await expect(composePages([{ ...page, dpi: 0 }], PROPERTIES, out)).rejects.toMatchObject({
      code: 'page-size-unusable',
    })
    expect(existsSync(out)).toBe(false)
    expect(readdirSync(folder.path).sort()).toEqual(['empty.jpg', 'good.jpg', 'noise.jpg'])
  })
})

describe('pages in a PDF', () => {
  test('keep JPEG bytes unchanged, paper size at 100 %, and give the same file each time', async () => {
    using folder = temporaryFolder()
    const pages = [
      await scannedPage(folder.file('1.jpg'), { dpi: 300 }),
      await scannedPage(folder.file('2.jpg'), { widthMm: 420, heightMm: 297, dpi: 150 }),
    ]
    await composePages(pages, PROPERTIES, folder.file('a.pdf'))
    await composePages(pages, PROPERTIES, folder.file('b.pdf'))
    const pdf = readFileSync(folder.file('a.pdf'))
    expect(pdf.equals(readFileSync(folder.file('b.pdf')))).toBe(true)
    for (const page of pages) expect(pdf.includes(readFileSync(page.path))).toBe(true)
    check(folder.file('a.pdf'))
    const sizes = run('pdfinfo', '-l', '2', folder.file('a.pdf'))
    expect(sizes).toMatch(/Page +1 size: +595\.\d+ x 841\.\d+ pts/)
    expect(sizes).toMatch(/Page +2 size: +1190\.\d+ x 841\.\d+ pts/)
  })

  test('name themselves PDF/A-2b, once in metadata and once in the information, with the given time', async () => {
    using folder = temporaryFolder()
    await composePages([await scannedPage(folder.file('1.jpg'))], PROPERTIES, folder.file('a.pdf'))
    const metadata = run('pdfinfo', '-meta', folder.file('a.pdf'))
    expect(metadata).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(metadata).toContain('<pdfaid:conformance>B</pdfaid:conformance>')
    expect(metadata).toContain('Đặng Thị “Ước” &amp; &lt;Mơ&gt;')
    expect(metadata).toContain('<xmp:CreateDate>2026-11-05T02:03:04Z</xmp:CreateDate>')
    const information = run('pdfinfo', '-isodates', folder.file('a.pdf'))
    expect(information).toContain('Đặng Thị “Ước” & <Mơ>')
    expect(information).toMatch(/CreationDate: +2026-11-05T02:03:04Z/)
    expect(information).toMatch(/Encrypted: +no/)
    expect(readFileSync(folder.file('a.pdf'), 'latin1')).toMatch(/\/GTS_PDFA1.*\/DestOutputProfile/)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'stand upright with EXIF orientation %i, and turn further when asked',
    async orientation => {
      using folder = temporaryFolder()
      const upright = await twoColours().png().toBuffer()
      const stored = await storedAs(upright, orientation)
      await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toFile(folder.file('p.jpg'))
      const page: PageImage = {
        path: folder.file('p.jpg'),
        mediaType: 'image/jpeg',
        widthPx: 120,
        heightPx: 80,
        dpi: 72,
      }
      await composePages([page, { ...page, rotation: 90 }], PROPERTIES, folder.file('a.pdf'))
      const first = await draw(folder.file('a.pdf'), folder.path, 1)
      expect([first.info.width, first.info.height]).toEqual([120, 80])
      expect(near(colourAt(first, 20, 20), RED)).toBe(true)
      for (const [x, y] of [
        [100, 20],
        [20, 60],
        [100, 60],
      ] as const)
        expect(near(colourAt(first, x, y), GREEN)).toBe(true)
      const second = await draw(folder.file('a.pdf'), folder.path, 2)
      expect([second.info.width, second.info.height]).toEqual([80, 120])
      expect(near(colourAt(second, 60, 20), RED)).toBe(true)
      expect(near(colourAt(second, 20, 20), GREEN)).toBe(true)
    },
  )

  test('keep the colours of grey, progressive and CMYK JPEGs', async () => {
    using folder = temporaryFolder()
    await twoColours().toColourspace('b-w').jpeg({ quality: 95 }).toFile(folder.file('grey.jpg'))
    await twoColours().jpeg({ quality: 95, progressive: true }).toFile(folder.file('progressive.jpg'))
    await twoColours()
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 95 })
      .toFile(folder.file('profile.jpg'))
    await twoColours().toColourspace('cmyk').jpeg({ quality: 95 }).toFile(folder.file('cmyk.jpg'))
    const pages = ['grey', 'progressive', 'profile', 'cmyk'].map(
      (name): PageImage => ({
        path: folder.file(`${name}.jpg`),
        mediaType: 'image/jpeg',
        widthPx: 120,
        heightPx: 80,
        dpi: 72,
      }),
    )
    await composePages(pages, PROPERTIES, folder.file('a.pdf'))
    check(folder.file('a.pdf'))
    const grey = colourAt(await draw(folder.file('a.pdf'), folder.path, 1), 100, 60)
    expect(Math.max(...grey) - Math.min(...grey)).toBeLessThan(3)
    const progressive = await draw(folder.file('a.pdf'), folder.path, 2)
    expect(near(colourAt(progressive, 20, 20), RED)).toBe(true)
    for (const page of [3, 4]) {
      const drawn = await draw(folder.file('a.pdf'), folder.path, page)
      const [red, , blue] = colourAt(drawn, 20, 20)
      expect((red ?? 0) - (blue ?? 0), `red quarter of page ${page}`).toBeGreaterThan(80)
      const [r, g] = colourAt(drawn, 100, 60)
      expect((g ?? 0) - (r ?? 0), `green part of page ${page}`).toBeGreaterThan(50)
    }
  })

  test('keep every pixel of a PNG: colour, grey, palette, and with transparency on white', async () => {
    using folder = temporaryFolder()
    await twoColours().png().toFile(folder.file('colour.png'))
    await twoColours().toColourspace('b-w').png().toFile(folder.file('grey.png'))
    await twoColours().png({ palette: true }).toFile(folder.file('palette.png'))
    await twoColours().ensureAlpha(0.5).png().toFile(folder.file('alpha.png'))
    for (const name of ['colour', 'grey', 'palette', 'alpha']) {
      const path = folder.file(`${name}.png`)
      await composePages(
        [{ path, mediaType: 'image/png', widthPx: 120, heightPx: 80, dpi: 72 }],
        PROPERTIES,
        folder.file('a.pdf'),
      )
      check(folder.file('a.pdf'))
      run('pdfimages', '-png', folder.file('a.pdf'), folder.file('taken'))
      const pixels = (file: string) =>
        sharp(file).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha().raw().toBuffer()
      expect((await pixels(folder.file('taken-000.png'))).equals(await pixels(path)), name).toBe(true)
    }
  })

  test('keep a black and white PNG of one bit', async () => {
    using folder = temporaryFolder()
    const path = folder.file('bits.png')
    const black = { create: { width: 60, height: 40, channels: 3, background: '#000' } } as const
    await sharp({ create: { width: 120, height: 80, channels: 3, background: '#fff' } })
      .composite([{ input: black, left: 0, top: 0 }])
      .toColourspace('b-w')
      .png({ palette: true, colours: 2 })
      .toFile(path)
    await composePages(
      [{ path, mediaType: 'image/png', widthPx: 120, heightPx: 80, dpi: 72 }],
      PROPERTIES,
      folder.file('a.pdf'),
    )
    expect(run('pdfimages', '-list', folder.file('a.pdf'))).toMatch(/ 1 +1 +image/)
    const drawn = await draw(folder.file('a.pdf'), folder.path)
    expect(colourAt(drawn, 20, 20)).toEqual([0, 0, 0])
    expect(colourAt(drawn, 100, 60)).toEqual([255, 255, 255])
  })

  test('may be 500: the file streams, memory holds one page', async () => {
    using folder = temporaryFolder()
    const noise = Buffer.alloc(700 * 990 * 3)
    for (let index = 0; index < noise.length; index++) noise[index] = (index * 2_654_435_761) >>> 24
    const path = folder.file('p.jpg')
    await sharp(noise, { raw: { width: 700, height: 990, channels: 3 } })
      .jpeg({ quality: 92 })
      .toFile(path)
    const page: PageImage = { path, mediaType: 'image/jpeg', widthPx: 700, heightPx: 990, dpi: 84.67 }
    const before = process.memoryUsage().rss
    const { pageCount, bytes } = await composePages(
      Array.from({ length: 500 }, () => page),
      PROPERTIES,
      folder.file('a.pdf'),
    )
    expect(pageCount).toBe(500)
    expect(bytes).toBeGreaterThan(200_000_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(bytes * 0.75)
    expect(run('qpdf', '--show-npages', folder.file('a.pdf')).trim()).toBe('500')
  })
})

/** The pixels that a camera stores when `orientation` is to bring `upright` about. */
async function storedAs(upright: Buffer, orientation: number): Promise<Buffer> {
  const [mirrored, turn] = (
    [
      [false, 0],
      [true, 0],
      [false, 180],
      [true, 180],
      [true, 90],
      [false, 270],
      [true, 270],
      [false, 90],
    ] as const
  )[orientation - 1] ?? [false, 0]
  const turned = await sharp(upright).rotate(turn).png().toBuffer()
  return mirrored ? sharp(turned).flop().png().toBuffer() : turned
}
