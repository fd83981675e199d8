import { writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Judge, type Outcome } from '../../fuzz/judge.ts'
import { faultOf } from '../../fuzz/oracle.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { type Body, deflated, file, row, stream, streamed } from './pdf-bytes.ts'

/** Each of these files is made to keep a reader busy for ever, fill its memory, or exhaust its stack. */
const folder = temporaryFolder('hostile-')
let judge: Judge
beforeAll(() => {
  judge = new Judge([])
})
afterAll(() => {
  judge[Symbol.dispose]()
  folder[Symbol.dispose]()
})

let counter = 0
async function judged(bytes: Uint8Array | string): Promise<Outcome> {
  const file = folder.file(`${++counter}.pdf`)
  writeFileSync(file, bytes, 'latin1')
  return judge.judge(file)
}

const xref = 'Type /XRef /W [1 4 1] /Root 1 0 R'
const catalogue = '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>'
const pages = '<< /Type /Pages /Kids [] /Count 0 >>'
const signedField = (value: string) => `<< /FT /Sig /T (s) /V ${value} >>`
const signature = (contents: string, range = '[0 10 20 30]') =>
  `<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange ${range} /Contents <${contents}> >>`
const withSignature = (contents: string, range?: string) =>
  file({ 1: catalogue, 2: pages, 3: signedField('4 0 R'), 4: signature(contents, range) })

/** A DER element of any length. */
function der(tag: number, content: Uint8Array): Buffer {
  const length = content.length
  const head =
    length < 128 ? [tag, length] : [tag, 0x84, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

function nested(tag: number, depth: number): Buffer {
  let bytes: Buffer = Buffer.alloc(0)
  for (let level = 0; level < depth; level++) bytes = der(tag, bytes)
  return bytes
}

const hostile: readonly (readonly [string, () => Uint8Array | string])[] = [
  ['nothing', () => ''],
  ['a header and no more', () => '%PDF-1.7\n'],
  ['arrays in arrays, a million', () => file({ 1: `<< /Type /Catalog /A ${'['.repeat(1_000_000)} >>` })],
  ['dictionaries in dictionaries', () => file({ 1: '<< /A '.repeat(500_000) })],
  ['a string of parentheses', () => file({ 1: `<< /A ${'('.repeat(1_000_000)} >>` })],
  ['a name of a million letters', () => file({ 1: `<< /${'A'.repeat(1_000_000)} 1 >>` })],
  ['a comment of ten million letters', () => file({ 1: `%${'x'.repeat(10_000_000)}\n${catalogue}` })],
  ['a number of a million digits', () => file({ 1: `<< /A ${'9'.repeat(1_000_000)} >>` })],
  ['ten million blanks', () => file({ 1: `${' '.repeat(10_000_000)}${catalogue}` })],
  [
    'a section that is its own /Prev',
    () => file({ 1: catalogue, 2: pages }).toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R /Prev 0000000000'),
  ],
  [
    'sections in a ring of two',
    () => {
      const one = file({ 1: catalogue, 2: pages }, '/Prev 0000099999')
      const at = Number(/startxref\n(\d+)/.exec(one.toString('latin1'))?.[1])
      const text = one.toString('latin1')
      const second = `xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev ${at} >>\nstartxref\n${one.length}\n%%EOF\n`
      return text.replace('/Prev 0000099999', `/Prev ${String(one.length).padStart(10, '0')}`) + second
    },
  ],
  [
    'a hybrid section that names itself',
    () => {
      const one = file({ 1: catalogue, 2: pages }, '/XRefStm 0000099999')
      const at = /startxref\n(\d+)/.exec(one.toString('latin1'))?.[1] ?? ''
      return one.toString('latin1').replace('/XRefStm 0000099999', `/XRefStm ${at.padStart(10, '0')}`)
    },
  ],
  [
    'a subsection of eight million objects without rows',
    () => '%PDF-1.7\nxref\n0 8388607\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n',
  ],
  [
    'ten thousand sections',
    () => {
      let text = file({ 1: catalogue, 2: pages, 3: signedField('null') }).toString('latin1')
      let last = Number(/startxref\n(\d+)/.exec(text)?.[1])
      const updates: string[] = []
      let { length } = text
      for (let count = 0; count < 10_000; count++) {
        const update = `xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev ${last} >>\nstartxref\n${length}\n%%EOF\n`
        last = length
        length += update.length
        updates.push(update)
      }
      text += updates.join('')
      return text
    },
  ],
  [
    'nine hundred sections, each with twenty thousand empty rows',
    () => {
      const rows = '0000000000 65535 f\r\n'.repeat(2000)
      let text = file({ 1: catalogue, 2: pages, 3: signedField('null') }).toString('latin1')
      let last = Number(/startxref\n(\d+)/.exec(text)?.[1])
      const updates: string[] = []
      let { length } = text
      for (let count = 0; count < 900; count++) {
        const update = `xref\n10 2000\n${rows}trailer\n<< /Size 9 /Root 1 0 R /Prev ${last} >>\nstartxref\n${length}\n%%EOF\n`
        last = length
        length += update.length
        updates.push(update)
      }
      text += updates.join('')
      return text
    },
  ],
  [
    'a section that inflates to two hundred megabytes',
    () => streamed(() => deflated(`/${xref} /Size 9`, Buffer.alloc(200_000_000))),
  ],
  [
    'a chain of filters, each a bomb',
    () => {
      let data: Uint8Array = Buffer.alloc(60_000_000)
      for (let turn = 0; turn < 4; turn++) data = deflateSync(data)
      return streamed(() => stream(`/${xref} /Size 9 /Filter [${'/FlateDecode '.repeat(4)}]`, data))
    },
  ],
  [
    'six sections that inflate to sixty megabytes each',
    () => {
      const data = deflateSync(Buffer.alloc(60_000_000))
      const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
      let [length, last] = [9, 0]
      for (let count = 0; count < 6; count++) {
        const previous = last ? `/Prev ${last}` : ''
        last = length
        const part = Buffer.concat([
          Buffer.from('9 0 obj\n'),
          stream(`/${xref} /Size 8388000 ${previous} /Filter /FlateDecode`, data),
          Buffer.from(`\nendobj\nstartxref\n${last}\n%%EOF\n`),
        ])
        parts.push(part)
        length += part.length
      }
      return Buffer.concat(parts)
    },
  ],
  [
    'a predictor with a row of sixteen million bytes',
    () =>
      streamed(() =>
        stream(
          `/${xref} /Size 9 /DecodeParms << /Predictor 12 /Columns 16000000 /Colors 16000000 >> /Filter /FlateDecode`,
          deflateSync(Buffer.alloc(1000)),
        ),
      ),
  ],
  [
    'fields of eight bytes',
    () => streamed(() => stream('/Type /XRef /W [8 8 8] /Root 1 0 R /Size 9 /Index [0 9]', Buffer.alloc(24 * 9, 255))),
  ],
  [
    'an object stream that lies in itself',
    () =>
      streamed(() =>
        stream(
          `/${xref} /Size 10`,
          Buffer.concat([row(0, 0, 0), row(2, 5, 0), row(2, 5, 1), row(0, 0, 0), row(0, 0, 0), row(2, 5, 2)]),
        ),
      ),
  ],
  [
    'object streams in a ring',
    () =>
      streamed(() =>
        stream(
          `/${xref} /Size 10`,
          Buffer.concat([
            row(0, 0, 0),
            row(2, 5, 0),
            row(0, 0, 0),
            row(0, 0, 0),
            row(0, 0, 0),
            row(2, 6, 0),
            row(2, 5, 0),
          ]),
        ),
      ),
  ],
  [
    'an object stream that inflates to two hundred megabytes',
    () =>
      streamed(
        () =>
          stream(
            `/${xref} /Size 6`,
            Buffer.concat([row(0, 0, 0), row(2, 5, 0), row(0, 0, 0), row(0, 0, 0), row(0, 0, 0), row(1, 9, 0)]),
          ),
        { 5: deflated('/Type /ObjStm /N 1 /First 10', Buffer.alloc(200_000_000, ' ')) },
      ),
  ],
  [
    'an object stream of a billion objects',
    () =>
      streamed(
        () =>
          stream(
            `/${xref} /Size 6`,
            Buffer.concat([row(0, 0, 0), row(2, 5, 0), row(0, 0, 0), row(0, 0, 0), row(0, 0, 0), row(1, 9, 0)]),
          ),
        { 5: deflated('/Type /ObjStm /N 1000000000 /First 10', Buffer.from('1 0 '.repeat(2_000_000))) },
      ),
  ],
  [
    'sixty fields, each in an object stream of its own that inflates to sixty megabytes',
    () => {
      const bomb = deflated('/Type /ObjStm /N 1 /First 10', Buffer.alloc(60_000_000, ' '))
      const objects: Record<number, Body> = {}
      const fields = Array.from({ length: 60 }, (_, field) => `${field + 100} 0 R`).join(' ')
      objects[1] = `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] >> >>`
      for (let field = 0; field < 60; field++) objects[field + 200] = bomb
      return streamed((_, places) => {
        const rows = Array.from({ length: 60 }, (_, field) => row(2, field + 200, 0))
        const streams = Array.from({ length: 60 }, (_, field) => row(1, places.get(field + 200) ?? 0, 0))
        const index = '/Index [1 1 100 60 200 60]'
        return stream(
          `/${xref} /Size 300 ${index}`,
          Buffer.concat([row(1, places.get(1) ?? 0, 0), ...rows, ...streams]),
        )
      }, objects)
    },
  ],
  ['a /Length beyond the file', () => file({ 1: catalogue, 2: stream('/A 1', Buffer.from('x'), '99999999999') })],
  ['a /Length that is the stream itself', () => file({ 1: catalogue, 2: stream('/A 1', Buffer.from('x'), '2 0 R') })],
  [
    'a /Length in a ring',
    () => file({ 1: stream('/A 1', Buffer.from('x'), '2 0 R'), 2: stream('/A 1', Buffer.from('x'), '1 0 R') }),
  ],
  ['references in a ring', () => file({ 1: catalogue, 2: pages, 3: '4 0 R', 4: '3 0 R' })],
  ['a catalogue that is itself', () => file({ 1: '1 0 R' })],
  [
    'a page tree in a ring',
    () =>
      file({
        1: catalogue,
        2: '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99 /Parent 2 0 R >>',
        3: signedField('null'),
      }),
  ],
  [
    'a page tree that doubles on each of sixty levels',
    () => {
      const objects: Record<number, Body> = {
        1: '<< /Type /Catalog /Pages 10 0 R /AcroForm << /Fields [3 0 R] >> >>',
        3: signedField('4 0 R'),
      }
      objects[4] = signature('00')
      for (let level = 10; level < 70; level++)
        objects[level] = `<< /Type /Pages /Kids [${level + 1} 0 R ${level + 1} 0 R] /Count 1000000 >>`
      objects[70] = '<< /Type /Page >>'
      return file(objects)
    },
  ],
  ['fields in a ring', () => file({ 1: catalogue, 2: pages, 3: '<< /T (a) /Kids [3 0 R] >>' })],
  [
    'fields that double on each of thirty levels',
    () => {
      const objects: Record<number, Body> = {
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [10 0 R] >> >>',
        2: pages,
      }
      for (let level = 10; level < 40; level++)
        objects[level] = `<< /T (f) /Kids [${level + 1} 0 R ${level + 1} 0 R] >>`
      objects[40] = '<< /T (f) /FT /Sig >>'
      return file(objects)
    },
  ],
  [
    'a hundred thousand fields',
    () => {
      const objects: Record<number, Body> = {
        1: `<< /AcroForm << /Fields [${Array.from({ length: 100_000 }, (_, n) => `${n + 10} 0 R`).join(' ')}] >> >>`,
      }
      for (let field = 0; field < 100_000; field++) objects[field + 10] = '<< /FT /Sig /T (f) /V 5 0 R >>'
      return file(objects)
    },
  ],
  [
    'one dictionary with three hundred thousand entries',
    () => file({ 1: `<< ${Array.from({ length: 300_000 }, (_, n) => `/A${n} ${n}`).join(' ')} >>` }),
  ],
  ['one array with three million numbers', () => file({ 1: `<< /Type /Catalog /A [${'1 '.repeat(3_000_000)}] >>` })],
  [
    'a signature that is its own field',
    () => file({ 1: catalogue, 2: pages, 3: '<< /FT /Sig /T (s) /V 3 0 R /ByteRange [0 1 2 3] /Contents <00> >>' }),
  ],
  ['/Contents of five megabytes', () => withSignature('30'.repeat(5_000_000))],
  [
    'a range of numbers that no computer counts',
    () => withSignature('00', '[0 9007199254740991 9007199254740991 9007199254740991]'),
  ],
  ['DER nested two thousand deep', () => withSignature(nested(0x30, 2_000).toString('hex'))],
  ['BER of indefinite length, nested', () => withSignature('3080'.repeat(1_000_000))],
  [
    'an object identifier of one number, four megabytes long',
    () => withSignature(der(0x30, der(6, Buffer.alloc(4_000_000, 0x81).fill(1, 3_999_999))).toString('hex')),
  ],
  ['a length of four gigabytes in DER', () => withSignature('3084ffffffff00')],
  [
    'a million empty elements in DER',
    () => withSignature(der(0x30, Buffer.alloc(2_000_000, Buffer.from([5, 0]))).toString('hex')),
  ],
  [
    'a million object identifiers',
    () => withSignature(der(0x31, Buffer.alloc(3_000_000, Buffer.from([6, 1, 42]))).toString('hex')),
  ],
  [
    'noise',
    () =>
      Buffer.concat([
        Buffer.from('%PDF-1.7\n'),
        Buffer.alloc(5_000_000, 'startxref\n9\n'),
        Buffer.from('startxref\n9\n%%EOF'),
      ]),
  ],
  [
    'an encryption dictionary that is the catalogue',
    () => file({ 1: catalogue, 2: pages }, '/Encrypt 1 0 R /ID [<00> <00>]'),
  ],
  [
    'encryption with a key made in a billion rounds',
    () =>
      file(
        {
          1: catalogue,
          2: `<< /Filter /Standard /V 5 /R 6 /Length 256 /O <${'00'.repeat(48)}> /U <${'00'.repeat(48)}> /OE <${'00'.repeat(32)}> /UE <${'00'.repeat(32)}> /P -1 /Perms <${'00'.repeat(16)}> >>`,
        },
        '/Encrypt 2 0 R /ID [<00> <00>]',
      ),
  ],
]

describe('an answer or a clear error within 10 s and 1 GB', () => {
  test.each(hostile)('%s', async (_, make) => {
    const outcome = await judged(make())
    expect(outcome).not.toMatchObject({ valid: true })
    expect(faultOf(Buffer.alloc(0), [], outcome)).toBeNull()
  })
})
