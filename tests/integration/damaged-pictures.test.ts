import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { importPdf } from '../../electron/document/index.ts'
import { image, onePage, type Stream, withImage } from '../support/hostile-pdfs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const WIDTH = 600
const HEIGHT = 400
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)
const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => ((index * 7919) >> 3) & 255))

let jpeg: Buffer
let rows: Buffer
let group4: Buffer
beforeAll(async () => {
  const mean = { type: 'gaussian', mean: 180, sigma: 30 } as const
  const picture = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#fff', noise: mean } })
  jpeg = await picture.clone().jpeg().toBuffer()
  rows = await picture.clone().raw().toBuffer()
  const tiff = await sharp(rows, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .resize(WIDTH, 200)
    .greyscale()
    .blur(9)
    .threshold(180)
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1 })
    .toBuffer()
  // One strip, which begins behind the head and ends where the directory begins.
  group4 = tiff.subarray(8, tiff.readUInt32LE(4))
})

const inJpeg = (data: Buffer) =>
  image(WIDTH, HEIGHT, '/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode', data)
const deflated = (data: Buffer) =>
  image(WIDTH, HEIGHT, '/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode', data)
const bilevel = (filter: string, data: Buffer) =>
  image(WIDTH, 200, `/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter ${filter}`, data)
const fax = (data: Buffer) =>
  bilevel(`/CCITTFaxDecode /DecodeParms << /K -1 /Columns ${WIDTH} /Rows 200 /BlackIs1 true >>`, data)
/** The picture beside a line, so that it cannot be taken out. */
const drawn = (picture: Stream) =>
  onePage('/XObject << /I 5 0 R >>', 'q 500 0 0 842 0 0 cm /I Do Q 0 0 m 99 99 l S', [picture])
const masked = (mask: Stream) => {
  const picture = deflated(deflateSync(rows))
  return withImage({ ...picture, dictionary: `${picture.dictionary} /SMask 6 0 R` }, [mask])
}

const inline = (data: Buffer, more = '', size = '/W 100 /H 50') =>
  onePage('', {
    dictionary: '',
    data: Buffer.concat([
      Buffer.from(`q 500 0 0 800 0 0 cm BI ${size} /BPC 8 /CS /RGB ${more} ID `),
      data,
      Buffer.from(' EI Q 0 0 m 9 9 l S'),
    ]),
  })

/** A JBIG2 of a page and one region over it that says to have so many bytes. */
function jbig2(told: number, data: Buffer): Buffer {
  const head = Buffer.alloc(11 + 19 + 11 + 26)
  head.set([48, 0, 1], 4)
  head.writeUInt32BE(19, 7)
  head.writeUInt32BE(WIDTH, 11)
  head.writeUInt32BE(200, 15)
  head.writeUInt32BE(1, 30)
  head.set([38, 0, 1], 34)
  head.writeUInt32BE(told, 37)
  head.writeUInt32BE(WIDTH, 41)
  head.writeUInt32BE(200, 45)
  head.set([0, 3, 255, 253, 255, 2, 254, 254, 254], 58)
  return Buffer.concat([head, data])
}

async function outcome(bytes: Uint8Array) {
  using folder = temporaryFolder()
  writeFileSync(folder.file('scan.pdf'), bytes)
  try {
    const pages = await Array.fromAsync(importPdf(folder.file('scan.pdf'), folder.file('pages')))
    const shown = await Promise.all(
      pages.map(async ({ image }) => (await sharp(readFileSync(image.path)).greyscale().stats()).channels[0]?.mean),
    )
    return { pages: pages.length, blank: shown.every(mean => mean === 255) }
  } catch (error) {
    expect(error).toMatchObject({ parameters: { file: 'scan.pdf' } })
    expect(readdirSync(folder.path)).not.toContain('pages')
    return error
  }
}

describe('a sound picture in a PDF is taken', () => {
  test.each([
    ['a JPEG that is the page', () => withImage(inJpeg(jpeg))],
    ['a JPEG on the page', () => drawn(inJpeg(jpeg))],
    ['deflated rows', () => withImage(deflated(deflateSync(rows)))],
    ['deflated rows whose last one is short', () => withImage(deflated(deflateSync(rows.subarray(0, -9))))],
    ['rows in the content itself', () => inline(rows.subarray(0, 100 * 50 * 3))],
    ['a JPEG in the content itself', () => inline(jpeg, '/F /DCT', `/W ${WIDTH} /H ${HEIGHT}`)],
    ['a fax of group 4', () => withImage(fax(group4))],
  ])('%s', async (_, make) => {
    expect(await outcome(make())).toEqual({ pages: 1, blank: false })
  })

  test('a page without any content is an empty page', async () => {
    expect(await outcome(onePage('', ''))).toEqual({ pages: 1, blank: true })
  })
})

describe('a damaged picture in a PDF is refused as one in a file of its own is', () => {
  test.each([
    ['half a JPEG that is the page', () => withImage(inJpeg(half(jpeg)))],
    ['700 bytes of a JPEG', () => withImage(inJpeg(jpeg.subarray(0, 700)))],
    ['half a JPEG on the page', () => drawn(inJpeg(half(jpeg)))],
    ['half the deflated data', () => withImage(deflated(half(deflateSync(rows))))],
    ['half the rows', () => withImage(deflated(deflateSync(half(rows))))],
    ['rows that are no deflated data', () => withImage(deflated(noise))],
    ['half a fax', () => withImage(fax(half(group4)))],
    ['a fax of noise', () => withImage(fax(noise))],
    ['a JBIG2 of noise', () => withImage(bilevel('/JBIG2Decode', noise))],
    ['a JBIG2 without data', () => withImage(bilevel('/JBIG2Decode', jbig2(26, Buffer.alloc(0))))],
    ['half a JBIG2', () => withImage(bilevel('/JBIG2Decode', jbig2(26 + noise.length * 2, noise)))],
    ['a JPEG 2000 of noise', () => withImage(image(WIDTH, HEIGHT, '/Filter /JPXDecode', noise))],
    ['rows in the content itself, cut short', () => inline(rows.subarray(0, 50 * 50 * 3))],
    ['half a JPEG in the content itself', () => inline(half(jpeg), '/F [/DCT]', `/W ${WIDTH} /H ${HEIGHT}`)],
    ['a mask cut short', () => masked(deflated(half(deflateSync(rows))))],
  ])('%s', async (_, make) => {
    expect(await outcome(make())).toMatchObject({ code: expect.stringMatching(/^(?:image|pdf)-damaged$/) })
  })
})

describe('a page that lacks a part is no copy of it', () => {
  test.each([
    ['a picture that is not there', () => onePage('/XObject << /I 9 0 R >>', 'q 595 0 0 842 0 0 cm /I Do Q')],
    ['a picture that has no name', () => onePage('', 'q 595 0 0 842 0 0 cm /I Do Q')],
    ['text without its font', () => onePage('', 'BT /F 20 Tf 100 100 Td (Có công chứng) Tj ET')],
    ['content of noise', () => onePage('', { dictionary: '/Filter /FlateDecode', data: noise })],
    [
      'content that is not there',
      () => Buffer.from(onePage('', 'x').toString('latin1').replace('/Contents 4 0 R', '/Contents 9 0 R'), 'latin1'),
    ],
    [
      'nothing to be seen in a file that must be mended',
      () => onePage('', { dictionary: '/Filter /FlateDecode', data: noise }, ['}}']),
    ],
  ])('%s', async (_, make) => {
    expect(await outcome(make())).toMatchObject({ code: 'pdf-damaged' })
  })
})
