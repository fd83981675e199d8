import { once } from 'node:events'
import { crc32, createDeflate, deflateSync } from 'node:zlib'

/** Small files that ask a reader for far more than their size: what a stranger may send, made when a test needs it. */

/** A stream as it stands in a file. */
export interface Stream {
  readonly dictionary: string
  readonly data: Uint8Array | string
}

/** A PDF of the given objects, numbered from 1; the first is the catalogue. */
export function pdfOf(objects: readonly (string | Stream)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1')]
  const offsets: number[] = []
  let position = parts[0]?.length ?? 0
  const append = (...pieces: readonly (string | Uint8Array)[]) => {
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece)
      parts.push(bytes)
      position += bytes.length
    }
  }
  for (const [index, object] of objects.entries()) {
    offsets.push(position)
    append(`${index + 1} 0 obj\n`)
    if (typeof object === 'string') append(object)
    else {
      const data = typeof object.data === 'string' ? Buffer.from(object.data, 'latin1') : object.data
      append(`<< ${object.dictionary} /Length ${data.length} >>\nstream\n`, data, '\nendstream')
    }
    append('\nendobj\n')
  }
  const start = position
  append(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`,
    offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join(''),
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  )
  return Buffer.concat(parts)
}

const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>'
const PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'

/** One A4 page with the given resources and content (object 4); what more there is begins with object 5. */
export function onePage(
  resources: string,
  content: Stream | string,
  more: readonly (string | Stream)[] = [],
  entries = '',
) {
  return pdfOf([
    CATALOGUE,
    PAGES,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents 4 0 R ${entries} >>`,
    typeof content === 'string' ? { dictionary: '', data: content } : content,
    ...more,
  ])
}

const form = (data: string, resources = ''): Stream => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << ${resources} >>`,
  data,
})

const DEPTH = 30
const A_LINE = '0 0 m 9 9 l S'

/** Thirty things, each of which uses the next one twice: 2³⁰ drawings. */
function laughing(make: (index: number, next: string | null) => Stream | string): readonly (Stream | string)[] {
  return Array.from({ length: DEPTH }, (_, index) => make(index, index < DEPTH - 1 ? `${index + 6} 0 R` : null))
}

/** Zeros or another byte, deflated while they are made: the whole is never in memory. */
async function deflated(byte: number, length: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 })
  const parts: Buffer[] = []
  deflate.on('data', (part: Buffer) => parts.push(part))
  const ended = once(deflate, 'end')
  const piece = Buffer.alloc(1 << 20, byte)
  for (let left = length; left > 0; left -= piece.length)
    if (!deflate.write(piece.subarray(0, Math.min(left, piece.length)))) await once(deflate, 'drain')
  deflate.end()
  await ended
  return Buffer.concat(parts)
}

const GIGABYTE = 2 ** 30

/** A picture as a PDF holds it. */
export const image = (width: number, height: number, entries: string, data: Uint8Array | string): Stream => ({
  dictionary: `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${entries}`,
  data,
})
const DRAW_IMAGE = 'q 595 0 0 842 0 0 cm /I Do Q'
/** A page that is one picture. */
export const withImage = (picture: Stream, more: readonly (Stream | string)[] = []) =>
  onePage('/XObject << /I 5 0 R >>', DRAW_IMAGE, [picture, ...more])

/** Content of 2 GB of spaces. */
const spaces = async (): Promise<Stream> => ({
  dictionary: '/Filter [/FlateDecode /FlateDecode]',
  data: deflateSync(await deflated(0x20, 2 * GIGABYTE)),
})

/** A JPEG 2000 codestream that says it is so wide and high, with nothing behind its head. */
function jpxHead(side: number): Buffer {
  const head = Buffer.alloc(2 + 2 + 47)
  head.writeUInt16BE(0xff4f, 0)
  head.writeUInt16BE(0xff51, 2)
  head.writeUInt16BE(47, 4)
  head.writeUInt32BE(side, 8)
  head.writeUInt32BE(side, 12)
  head.writeUInt32BE(side, 24)
  head.writeUInt32BE(side, 28)
  head.writeUInt16BE(3, 40)
  for (let component = 0; component < 3; component++) head.set([7, 1, 1], 42 + component * 3)
  const coding = Buffer.from([0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, 5, 4, 4, 0, 0])
  const quantization = Buffer.from([0xff, 0x5c, 0, 19, 0x40, ...Array.from({ length: 16 }, () => 0x48)])
  const tile = Buffer.from([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93, 0xff, 0xd9])
  return Buffer.concat([head, coding, quantization, tile])
}

/** A JBIG2 segment stream with a page of the given size and one generic region over it, with nothing behind its head. */
function jbig2(side: number): Buffer {
  const page = Buffer.alloc(11 + 19)
  page.writeUInt32BE(0, 0)
  page.set([48, 0, 1], 4)
  page.writeUInt32BE(19, 7)
  page.writeUInt32BE(side, 11)
  page.writeUInt32BE(side, 15)
  const region = Buffer.alloc(11 + 30)
  region.writeUInt32BE(1, 0)
  region.set([38, 0, 1], 4)
  region.writeUInt32BE(30, 7)
  region.writeUInt32BE(side, 11)
  region.writeUInt32BE(side, 15)
  region.set([0, 3, 255, 253, 255, 2, 254, 254, 254], 11 + 17)
  return Buffer.concat([page, region])
}

/** Deflated rows of a grey picture in three colours. */
const rows = (width: number, height: number) => deflateSync(Buffer.alloc(width * height * 3, 200))

/** A PNG of one bit a pixel, of the given side. */
async function png(side: number): Promise<Buffer> {
  const chunk = (kind: string, data: Buffer) => {
    const framed = Buffer.concat([Buffer.alloc(4), Buffer.from(kind, 'latin1'), data, Buffer.alloc(4)])
    framed.writeUInt32BE(data.length, 0)
    framed.writeUInt32BE(crc32(framed.subarray(4, -4)), framed.length - 4)
    return framed
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', await deflated(0, side * (Math.ceil(side / 8) + 1))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A TIFF of so many frames of 8 × 8 grey pixels, all of which share one strip. */
function tiff(frames: number): Buffer {
  const entries = [
    [256, 3, 8],
    [257, 3, 8],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 3, 8],
    [279, 4, 64],
  ] as const
  const size = 2 + entries.length * 12 + 4
  const file = Buffer.alloc(72 + frames * size)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(72, 4)
  for (let frame = 0; frame < frames; frame++) {
    const at = 72 + frame * size
    file.writeUInt16LE(entries.length, at)
    for (const [index, [tag, type, value]] of entries.entries()) {
      file.writeUInt16LE(tag, at + 2 + index * 12)
      file.writeUInt16LE(type, at + 4 + index * 12)
      file.writeUInt32LE(1, at + 6 + index * 12)
      file.writeUInt32LE(value, at + 10 + index * 12)
    }
    file.writeUInt32LE(frame === frames - 1 ? 0 : at + size, at + size - 4)
  }
  return file
}

/** An object stream in an object stream, each deflated, the innermost with spaces without end. */
async function nestedObjectStreams(): Promise<Buffer> {
  const spaces = await deflated(0x20, GIGABYTE)
  const bomb = {
    dictionary: '/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]',
    data: deflateSync(spaces),
  }
  return pdfOf([
    CATALOGUE,
    PAGES,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    bomb,
    { ...bomb, dictionary: `${bomb.dictionary} /Extends 4 0 R` },
  ])
}

/** A section that names itself as the one before. */
export function looping(): Buffer {
  const file = onePage('', A_LINE).toString('latin1')
  const start = Number(/startxref\n(\d+)/.exec(file)?.[1])
  return Buffer.from(file.replace('/Root 1 0 R', `/Root 1 0 R /Prev ${start}`), 'latin1')
}

/** Patches that each cover the whole page. */
function patches(count: number): Buffer {
  const patch = Buffer.alloc(1 + 12 * 4 + 4 * 3)
  for (let at = 1; at < patch.length; at++) patch[at] = (at * 73) % 256
  return Buffer.concat(Array.from({ length: count }, () => patch))
}

/** Fonts whose one letter is written with two letters of the next font. */
function writtenInFonts(): readonly (Stream | string)[] {
  return Array.from({ length: DEPTH }, (_, index) => {
    const own = 5 + index * 2
    const next = index < DEPTH - 1 ? `/Font << /F ${own + 2} 0 R >>` : ''
    return [
      `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97 /LastChar 97 /Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a ${own + 1} 0 R >> /Resources << ${next} >> >>`,
      { dictionary: '', data: `9 0 d0 ${next ? 'BT /F 9 Tf (aa) Tj ET' : A_LINE}` },
    ]
  }).flat()
}

const NO_OBJECT = '}}'

/** The files by what they try, each with the ending under which it comes. */
export const hostileFiles: Readonly<Record<string, { readonly ending: string; make(): Buffer | Promise<Buffer> }>> = {
  'forms that each draw the next twice': {
    ending: 'pdf',
    make: () =>
      onePage(
        '/XObject << /X 5 0 R >>',
        '/X Do',
        laughing((_, next) => (next ? form('/X Do /X Do', `/XObject << /X ${next} >>`) : form(A_LINE))),
      ),
  },
  'content of 2 GB of spaces, deflated twice': {
    ending: 'pdf',
    make: async () => onePage('', await spaces()),
  },
  'a picture that says 60000 × 60000': {
    ending: 'pdf',
    make: () =>
      withImage(
        image(60_000, 60_000, '/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode', rows(1000, 700)),
      ),
  },
  'a picture of 50000 × 50000 dots, whole': {
    ending: 'pdf',
    make: async () =>
      withImage(
        image(
          50_000,
          50_000,
          '/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter [/FlateDecode /FlateDecode]',
          deflateSync(await deflated(0, 50_000 * 6250)),
        ),
      ),
  },
  'a small picture with 2 GB of data': {
    ending: 'pdf',
    make: async () =>
      withImage(
        image(
          100,
          100,
          '/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter [/FlateDecode /FlateDecode]',
          deflateSync(await deflated(0, 2 * GIGABYTE)),
        ),
      ),
  },
  'patterns painted with patterns': {
    ending: 'pdf',
    make: () =>
      onePage(
        '/Pattern << /P 5 0 R >>',
        '/Pattern cs /P scn 0 0 595 842 re f',
        laughing((_, next) => ({
          dictionary: `/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 600 600] /XStep 600 /YStep 600 /Resources << ${next ? `/Pattern << /P ${next} >>` : ''} >>`,
          data: next ? '/Pattern cs /P scn 0 0 300 300 re f /P scn 300 300 300 300 re f' : A_LINE,
        })),
      ),
  },
  'a font whose letters are written in fonts': {
    ending: 'pdf',
    make: () => onePage('/Font << /F 5 0 R >>', 'BT /F 9 Tf (aa) Tj ET', writtenInFonts()),
  },
  'soft masks under soft masks': {
    ending: 'pdf',
    make: () =>
      onePage(
        '/XObject << /X 5 0 R >>',
        '/X Do',
        laughing((_, next) => {
          const state = next
            ? `/ExtGState << /G << /SMask << /S /Alpha /G ${next} >> >> >> /XObject << /X ${next} >>`
            : ''
          const { dictionary, data } = form(next ? '/G gs /X Do' : A_LINE, state)
          return { dictionary: `${dictionary} /Group << /S /Transparency >>`, data }
        }),
      ),
  },
  'a predictor of two thousand million columns': {
    ending: 'pdf',
    make: () =>
      onePage('', {
        dictionary:
          '/Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 32 /BitsPerComponent 16 /Columns 2000000000 >>',
        data: deflateSync(Buffer.from(`\0${A_LINE}`)),
      }),
  },
  'a JPEG 2000 of 60000 × 60000': {
    ending: 'pdf',
    make: () => withImage(image(60_000, 60_000, '/ColorSpace /DeviceRGB /Filter /JPXDecode', jpxHead(60_000))),
  },
  'a JPEG 2000 that is larger than it was told': {
    ending: 'pdf',
    make: () => withImage(image(100, 100, '/ColorSpace /DeviceRGB /Filter /JPXDecode', jpxHead(60_000))),
  },
  'a JBIG2 of 60000 × 60000': {
    ending: 'pdf',
    make: () =>
      withImage(
        image(60_000, 60_000, '/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode', jbig2(60_000)),
      ),
  },
  'a JBIG2 that is larger than it was told': {
    ending: 'pdf',
    make: () =>
      withImage(image(100, 100, '/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode', jbig2(60_000))),
  },
  'a fax of a million columns': {
    ending: 'pdf',
    make: () =>
      withImage(
        image(
          100,
          100,
          '/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000000 /Rows 1000000 >>',
          Buffer.alloc(5000, 0x9a),
        ),
      ),
  },
  'RunLength in ASCIIHex in RunLength': {
    ending: 'pdf',
    make: () => {
      // Twice the run of 128 spaces, each byte of the inner run written by the outer: 64 × 64 times the file.
      const inner = Buffer.from(`${'8120'.repeat(6_000_000)}>`, 'latin1')
      const outer = deflateSync(inner)
      return onePage('', { dictionary: '/Filter [/FlateDecode /ASCIIHexDecode /RunLengthDecode]', data: outer })
    },
  },
  'a shading of three hundred thousand patches': {
    ending: 'pdf',
    make: async () =>
      onePage('/Shading << /S 5 0 R >>', '/S sh', [
        {
          dictionary:
            '/ShadingType 6 /ColorSpace /DeviceRGB /BitsPerCoordinate 16 /BitsPerComponent 8 /BitsPerFlag 8 /Decode [0 595 0 842 0 1 0 1 0 1] /Filter /FlateDecode',
          data: deflateSync(patches(300_000)),
        },
      ]),
  },
  'an appearance that draws itself': {
    ending: 'pdf',
    make: () =>
      onePage(
        '',
        A_LINE,
        [
          '<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /F 4 /AP << /N 6 0 R >> >>',
          ...laughing((index, next) =>
            form(next ? '/X Do /X Do' : '/X Do', `/XObject << /X ${index < DEPTH - 1 ? index + 7 : 6} 0 R >>`),
          ),
        ],
        '/Annots [5 0 R]',
      ),
  },
  'a page of five million operators': {
    ending: 'pdf',
    make: () => onePage('', { dictionary: '/Filter /FlateDecode', data: deflateSync(`${A_LINE}\n`.repeat(1_700_000)) }),
  },
  'a hundred thousand pages': {
    ending: 'pdf',
    make: () => {
      const count = 100_000
      const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(' ')
      return pdfOf([
        CATALOGUE,
        `<< /Type /Pages /Count ${count} /MediaBox [0 0 595 842] /Kids [${kids}] >>`,
        ...Array.from({ length: count }, () => '<< /Type /Page /Parent 2 0 R >>'),
      ])
    },
  },
  'object streams in object streams': { ending: 'pdf', make: nestedObjectStreams },
  'a function of many dimensions': {
    ending: 'pdf',
    make: async () =>
      onePage('/ColorSpace << /C [/DeviceN [/A /B /D /E] /DeviceRGB 5 0 R] >>', '/C cs 0 0 0 0 scn 0 0 595 842 re f', [
        {
          dictionary:
            '/FunctionType 0 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1] /Size [200 200 200 200] /BitsPerSample 8 /Filter [/FlateDecode /FlateDecode]',
          data: deflateSync(await deflated(0, 2 * GIGABYTE)),
        },
      ]),
  },
  'a TIFF of ten thousand frames': { ending: 'tif', make: () => tiff(10_000) },
  'a PNG of 50000 × 50000 dots': { ending: 'png', make: () => png(50_000) },
}

/**
 * Files of which nothing can be counted, because only a reader that mends what is broken opens them: an object that nobody needs is none.
 * One eats memory, the other time.
 */
export const uncountable = {
  memory: async () => onePage('', await spaces(), [NO_OBJECT]),
  time: () => onePage('/Font << /F 5 0 R >>', 'BT /F 9 Tf (aa) Tj ET', [...writtenInFonts(), NO_OBJECT]),
}
