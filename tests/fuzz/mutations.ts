import { deflateSync, inflateSync } from 'node:zlib'
import type { Random } from './random.ts'

/** Changes a file in one way. The result may be the same as before. */
export type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer

const replaced = (bytes: Buffer, start: number, end: number, by: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)])

/** A stretch of the file, mostly short. */
function stretch(bytes: Buffer, random: Random): readonly [start: number, end: number] {
  const start = random.below(bytes.length)
  const longest = random.of([1, 4, 16, 256, 4096, bytes.length])
  return [start, Math.min(bytes.length, start + 1 + random.below(longest))]
}

/** A match of `pattern`, somewhere from a random place on (else from the start). */
function find(
  bytes: Buffer,
  random: Random,
  pattern: RegExp,
): readonly [start: number, end: number, text: string] | null {
  const from = random.below(bytes.length)
  for (const start of [from, 0]) {
    const text = bytes.toString('latin1', start, Math.min(bytes.length, start + 65_536))
    const match = pattern.exec(text)
    if (match) return [start + match.index, start + match.index + match[0].length, match[0]]
  }
  return null
}

const NUMBERS = [
  '0',
  '1',
  '-1',
  '7',
  '255',
  '65536',
  '2147483647',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e9',
]
const WORDS = [
  ...[
    'obj',
    'endobj',
    'stream',
    'endstream',
    'xref',
    'trailer',
    'startxref',
    '%%EOF',
    'R',
    'null',
    '<<',
    '>>',
    '[',
    ']',
  ],
  ...[
    '(',
    ')',
    '<',
    '>',
    '/',
    '%',
    '/Prev 0',
    '/Type /XRef',
    '/Type /ObjStm',
    '/Length 99999999',
    '1 0 R',
    '/Kids [1 0 R]',
  ],
  ...['/Parent 1 0 R', '/ByteRange [0 0 0 0]', '/Contents <00>', '/Encrypt 1 0 R', '/V 1 0 R', '/Filter /FlateDecode'],
  ...['/Extends 1 0 R', '/XRefStm 0', '/Size 99999999', '/W [1 8 8]', '/Index [0 99999999]', '/Annots [1 0 R]'],
]

function swapText(pattern: RegExp, by: (random: Random, text: string) => string): Mutation {
  return (bytes, random) => {
    const found = find(bytes, random, pattern)
    return found ? replaced(bytes, found[0], found[1], Buffer.from(by(random, found[2]), 'latin1')) : bytes
  }
}

/** The digits of a signature, changed as the DER that they are: mostly tags and lengths near the beginning. */
const cms: Mutation = (bytes, random) => {
  const hole = find(bytes, random, /\/Contents <30[0-9a-f]{100}/i)
  if (!hole) return bytes
  const start = hole[0] + '/Contents <'.length
  const at = start + 2 * random.below(random.of([8, 64, 512, 4000]))
  if (at + 2 > bytes.length) return bytes
  const copy = Buffer.from(bytes)
  copy.write(random.of(['00', '30', '31', '80', '82', '84', 'ff', 'a0', '05', '24', '1f', '7f']), at, 'latin1')
  return copy
}

const GREATEST_CONTENT = 1_000_000

/**
 * What a compressed stream holds, changed and compressed again into the same room, so that everything else stays where it is. A piece that
 * is repeated a hundred thousand times takes no more room than once.
 */
const content: Mutation = (bytes, random) => {
  const head = find(bytes, random, /\/FlateDecode[^>]{0,40}\/Length (\d+)\s*>>\s*stream\r?\n/)
  if (!head) return bytes
  const length = Number(/\/Length (\d+)/.exec(head[2])?.[1])
  const room = bytes.subarray(head[1], head[1] + length)
  let plain: Buffer
  try {
    plain = inflateSync(room, { maxOutputLength: GREATEST_CONTENT })
  } catch {
    // cut or broken by another mutation
    return bytes
  }
  if (plain.length === 0) return bytes
  const [start, end] = stretch(plain, random)
  const piece = plain.subarray(start, end)
  const times = random.of([0, 1, 2, Math.floor(GREATEST_CONTENT / piece.length)])
  const by = random.of([piece, Buffer.from(random.of(NUMBERS)), Buffer.from(random.of([' ', '<', '&', '\n']))])
  const copies = Array.from({ length: Math.min(times, GREATEST_CONTENT / by.length) }, () => by)
  const packed = deflateSync(replaced(plain, start, end, Buffer.concat(copies)), { level: 9 })
  if (packed.length > length) return bytes
  return replaced(bytes, head[1], head[1] + length, Buffer.concat([packed], length))
}

/** All mutations by name, so that a finding can tell how it came about. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip: (bytes, random) => {
    const copy = Buffer.from(bytes)
    const at = random.below(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
    return copy
  },
  set: (bytes, random) => {
    const copy = Buffer.from(bytes)
    copy[random.below(copy.length)] = random.of([0, 9, 10, 13, 32, 37, 40, 47, 60, 62, 91, 93, 127, 255])
    return copy
  },
  remove: (bytes, random) => replaced(bytes, ...stretch(bytes, random), Buffer.alloc(0)),
  repeat: (bytes, random) => {
    const [start, end] = stretch(bytes, random)
    return replaced(bytes, end, end, bytes.subarray(start, end))
  },
  move: (bytes, random) => {
    const [start, end] = stretch(bytes, random)
    const at = random.below(bytes.length)
    return replaced(bytes, at, at, bytes.subarray(start, end))
  },
  overwrite: (bytes, random) => {
    const [start, end] = stretch(bytes, random)
    const from = random.below(bytes.length - (end - start) + 1)
    return replaced(bytes, start, end, bytes.subarray(from, from + end - start))
  },
  cut: (bytes, random) => bytes.subarray(0, 1 + random.below(bytes.length)),
  splice: (bytes, random, others) => {
    const other = random.of(others)
    return replaced(bytes, ...stretch(bytes, random), other.subarray(...stretch(other, random)))
  },
  append: (bytes, random, others) => {
    const other = random.of([bytes, ...others])
    return Buffer.concat([bytes, other.subarray(...stretch(other, random))])
  },
  word: (bytes, random) => {
    const at = random.below(bytes.length)
    return replaced(bytes, at, at, Buffer.from(` ${random.of(WORDS)} `, 'latin1'))
  },
  number: swapText(/\d+/, random => random.of(NUMBERS)),
  widerNumber: swapText(/\d{2,10}(?=[\s\]])/, (random, text) =>
    random.of(NUMBERS).padStart(text.length, '0').slice(0, text.length),
  ),
  reference: swapText(/\d+ 0 R/, random => `${random.below(30)} 0 R`),
  name: swapText(/\/[A-Z][A-Za-z]+/, random =>
    random.of([
      '/Type',
      '/Kids',
      '/Parent',
      '/Prev',
      '/Length',
      '/V',
      '/Fields',
      '/Root',
      '/Size',
      '/Contents',
      '/Annots',
    ]),
  ),
  nest: (bytes, random) => {
    const at = random.below(bytes.length)
    const open = random.of(['[', '<<', '<</A', '(', '/#'])
    return replaced(bytes, at, at, Buffer.from(open.repeat(random.of([10, 200, 20_000])), 'latin1'))
  },
  startxref: swapText(/startxref\s+\d+/, (random, text) => text.replace(/\d+/, String(random.below(40_000)))),
  cms,
  content,
}

/** One to four mutations, one after another. */
export function mutate(
  original: Buffer,
  random: Random,
  others: readonly Buffer[],
): { readonly bytes: Buffer; readonly how: readonly string[] } {
  const how: string[] = []
  let bytes = original
  for (let count = 1 + random.below(random.of([1, 2, 4])); count > 0 && bytes.length > 0; count--) {
    const name = random.of(Object.keys(MUTATIONS))
    how.push(name)
    bytes = MUTATIONS[name]?.(bytes, random, others) ?? bytes
  }
  return { bytes, how }
}
