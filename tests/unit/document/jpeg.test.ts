import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { readJpegHeader } from '../../../electron/document/jpeg.ts'
import { readPng } from '../../../electron/document/png.ts'

const picture = () => sharp({ create: { width: 40, height: 24, channels: 3, background: '#a03020' } })
let plain: Buffer

beforeAll(async () => {
  plain = await picture().jpeg().toBuffer()
})

describe("a JPEG's header", () => {
  test('gives size and components of baseline, progressive, grey and CMYK pictures', async () => {
    expect(readJpegHeader(plain)).toMatchObject({
      widthPx: 40,
      heightPx: 24,
      components: 3,
      orientation: 1,
      plainRgb: false,
    })
    const progressive = await picture().jpeg({ progressive: true }).toBuffer()
    expect(readJpegHeader(progressive)).toMatchObject({ widthPx: 40, heightPx: 24, components: 3 })
    const grey = await picture().toColourspace('b-w').jpeg().toBuffer()
    expect(readJpegHeader(grey)).toMatchObject({ components: 1, profile: null })
    const cmyk = await picture().toColourspace('cmyk').jpeg().toBuffer()
    expect(readJpegHeader(cmyk)).toMatchObject({ components: 4, adobe: true })
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('gives EXIF orientation %i', async orientation => {
    const turned = await picture().withMetadata({ orientation }).jpeg().toBuffer()
    expect(readJpegHeader(turned)?.orientation).toBe(orientation)
  })

  test('gives an embedded profile whole', async () => {
    const bytes = await picture().withIccProfile('p3').jpeg().toBuffer()
    const { icc } = await sharp(bytes).metadata()
    expect(Buffer.from(readJpegHeader(bytes)?.profile ?? [])).toEqual(icc)
  })

  test('of any bytes is read or refused, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(plain.length), (noise, cut) => {
        readJpegHeader(noise)
        readJpegHeader(Buffer.concat([Buffer.from([0xff, 0xd8]), noise]))
        readJpegHeader(Buffer.concat([plain.subarray(0, cut), noise]))
      }),
      { numRuns: 400 },
    )
  })
})

describe("a PNG's parts", () => {
  test('of any bytes are read or refused, never a crash', async () => {
    const png = await picture().png().toBuffer()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(png.length), (noise, cut) => {
        readPng(noise)
        readPng(Buffer.concat([png.subarray(0, cut), noise]))
      }),
      { numRuns: 400 },
    )
  })

  test('that a PDF cannot hold are refused: transparency, interlacing', async () => {
    expect(readPng(await picture().ensureAlpha(0.5).png().toBuffer())).toBeNull()
    expect(readPng(await picture().png({ progressive: true }).toBuffer())).toBeNull()
    expect(readPng(await picture().png().toBuffer())).toMatchObject({ widthPx: 40, heightPx: 24, colours: 3 })
  })
})
